import type { Budget, Budgets } from '../../policy/document/budgets.ts';
import type { EffectiveTask } from '../../policy/effective-policy.ts';
import { counted } from '../counted.ts';
import { whoInWords } from './who-words.ts';

/** What becomes of pull requests from outside at gate 1, in words. */
export function forksInWords({ forks }: Pick<EffectiveTask, 'forks'>): string {
  switch (forks) {
    case 'run':
      return 'open: pull requests from outside run';
    case 'wait':
      return 'forks, and authors who may not run, wait for somebody who may';
    default:
      return 'forks are refused; authors who may not run wait for somebody who may';
  }
}

/** What a patch needs at gate 2, in words. */
export function patchInWords({ outputs, approve, approvals, patch }: EffectiveTask): string {
  if (outputs.patch === 'none') return 'shut: no patch is written';
  const { count, requesterMayApprove, codeOwners, expiresAfterHours } = approvals;
  return [
    `${counted(count, 'approval')} by ${whoInWords(approve)}`,
    requesterMayApprove ? [] : 'not by who asked for it',
    codeOwners ? 'owned files by one of their owners' : [],
    `void after ${counted(expiresAfterHours, 'hour')}`,
    `at most ${counted(patch.maxFiles, 'file')} and ${patch.maxBytes} bytes`,
    patch.paths.map((globs) => `files of ${globs.join(', ')} alone`),
  ]
    .flat(2)
    .join('; ');
}

/** What is written without being asked, in words. */
export function outputInWords({ outputs, review }: EffectiveTask): string {
  const { comments, suggestions } = outputs;
  const ways = [
    'a check run',
    comments === 'none' ? [] : commentsInWords(review),
    suggestions === 'none' ? [] : 'suggestions that a person takes',
  ];
  return ways.flat().join(', ');
}

function commentsInWords(review: EffectiveTask['review']): readonly string[] {
  const { maxComments, maxFileComments, summaryComment, linkHosts, inline } = review;
  const onFiles = maxFileComments === 0 ? '' : ` and ${maxFileComments} on whole files`;
  const onFindings = inline === 'findings' ? ' on findings' : '';
  return [
    `at most ${counted(maxComments, 'comment')}${onFindings}${onFiles}`,
    summaryComment === 'none' ? [] : 'one comment with the result that is edited in place',
    linkHosts.length === 0 ? [] : `links to ${linkHosts.join(' and ')}`,
  ].flat();
}

const scopes = {
  perTask: 'a task',
  perPullRequest: 'a pull request',
  perRepository: 'the repository',
  perOrganisation: 'the organisation',
} as const;

/** What a task may use, and what may be used in a day, in words. */
export function budgetsInWords(budgets: Budgets): string {
  const parts = Object.entries(scopes).flatMap(([scope, whose]) => {
    const amounts = amountsInWords(budgets[scope as keyof typeof scopes] ?? {});
    return amounts === '' ? [] : [`${whose}: ${amounts}`];
  });
  return parts.length === 0 ? 'none' : parts.join('; ');
}

function amountsInWords({ tasks, minutes, tokens, costMicroUsd, requests }: Budget): string {
  return [
    tasks === undefined ? [] : counted(tasks, 'task'),
    minutes === undefined ? [] : counted(minutes, 'minute'),
    tokens === undefined ? [] : counted(tokens, 'token'),
    costMicroUsd === undefined ? [] : `$${(costMicroUsd / 1_000_000).toFixed(2)}`,
    requests === undefined ? [] : counted(requests, 'request'),
  ]
    .flat()
    .join(', ');
}
