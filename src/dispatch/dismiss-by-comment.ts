import { readPerson } from '../approval/read-person.ts';
import { requestersOf } from '../approval/requesters.ts';
import type { FindingRecord } from '../domain/finding-record.ts';
import type { Task } from '../domain/task.ts';
import { mayCommand } from '../policy/decide/people.ts';
import { isAmong, type Person } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { findingIdIn } from '../report/inline/marker.ts';
import { threadsByFinding } from '../report/inline/upkeep.ts';
import { refusedCodes, unlessRefused } from '../report/publish.ts';
import { safeCode } from '../report/sanitise.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { refuse, reply } from './reply.ts';
import { showAgain } from './show-again.ts';
import { keepWaiver } from './waivers.ts';

/** A finding that somebody means, and the task that it is of. */
interface Meant {
  readonly name: string;
  readonly rules: EffectiveTask;
  readonly record: FindingRecord;
}

/**
 * Takes a finding off the pull request for good. Who may start its task may hide its comment; the conclusion stops counting
 * it on the word of somebody who may approve, of another than the author where the policy asks for that. Of owners
 * of the code it takes one who owns the finding's file.
 */
export async function dismissByComment(
  context: Context,
  request: CommandRequest,
  target: string | null,
): Promise<void> {
  const admission = mayCommand(request.loaded.policy, request.person);
  if (
    !(admission.allowed || isAmong(request.loaded.policy.approve, request.person, 'some').allowed)
  ) {
    return refuse(context, request, admission.reason);
  }
  const id = target ?? (await findingOfThread(context, request));
  if (id === undefined) return refuse(context, request, whichText);
  const meant = await findMeant(context, request, id);
  if (meant === undefined) return refuse(context, request, unknownText);
  const person = await readForFinding(context, request, meant);
  const waives = mayWaive(meant.rules, person) && !(await hasAsked(context, meant, person));
  const mayHide = isAmong(meant.rules.run, person, 'some');
  if (!(waives || mayHide.allowed)) return refuse(context, request, mayHide.reason);
  await keepDismissal(context, request, { meant, waives });
  if (waives) await showWithout(context, request, meant);
  await resolveThread(context, request, id);
  await reply(context, request, answer(meant, waives));
}

const whichText =
  'Say `/sallyport dismiss` in the thread of the finding, or with its id, which is in its annotation.';
const unknownText = 'There is no finding with this id on this pull request.';

/** In the thread of a comment of ours it is the finding that the comment is about. */
async function findingOfThread(
  { github }: Context,
  { repository, threadId }: CommandRequest,
): Promise<string | undefined> {
  if (threadId === null) return undefined;
  const ref = { commentId: threadId, isInThread: true };
  const first = await github.conversations.read(repository, ref);
  return first?.isOwn === true ? findingIdIn(first.body) : undefined;
}

async function findMeant(
  { store }: Context,
  { repository, number, loaded }: CommandRequest,
  id: string,
): Promise<Meant | undefined> {
  const pullRequest = { repositoryId: repository.repositoryId, number };
  for (const [name, rules] of Object.entries(loaded.policy.tasks)) {
    const records = await store.findings.ofPullRequest(pullRequest, name);
    const record = records.find((one) => one.id === id);
    if (record !== undefined) return { name, rules, record };
  }
  return undefined;
}

/** Who asks, with what they own of the finding's file: to own another file of the pull request says nothing of it. */
function readForFinding(
  { github }: Context,
  { repository, sender: who, pullRequest }: CommandRequest,
  { rules: { run, approve, approvals }, record: { path } }: Meant,
): Promise<Person> {
  const whos = [...run, ...approve];
  const needsOwners = approvals.codeOwners;
  return readPerson(github, { repository, who, pullRequest, whos, paths: [path], needsOwners });
}

/** Where a patch takes several people, one takes no finding out of the conclusion. */
function mayWaive({ approve, approvals }: EffectiveTask, person: Person): boolean {
  const { count, codeOwners, requesterMayApprove } = approvals;
  if (count > 1 || !isAmong(approve, person, 'all').allowed) return false;
  if (codeOwners && person.owns !== 'all') return false;
  return requesterMayApprove || !person.isAuthor;
}

/** Is it somebody who asked for the task, where the policy wants another? */
async function hasAsked(
  { store }: Context,
  { rules, record }: Meant,
  { id }: Person,
): Promise<boolean> {
  if (rules.approvals.requesterMayApprove) return false;
  const task = await store.tasks.get(record.lastTask);
  return task === undefined || (await requestersOf(store, task)).has(id);
}

async function keepDismissal(
  { store, ledger, clock }: Context,
  { repository, number, sender }: CommandRequest,
  { meant, waives }: { readonly meant: Meant; readonly waives: boolean },
): Promise<void> {
  const pullRequest = { repositoryId: repository.repositoryId, number };
  const { id, rule, lastTask } = meant.record;
  const by = { byId: sender.id, via: 'command', waives } as const;
  await ledger.append({
    type: 'finding.dismissed',
    taskId: lastTask,
    data: { finding: id, rule, ...by },
  });
  await store.findings.dismiss(pullRequest, id, { ...by, atMs: clock.nowMs() });
  if (waives) await keepWaiver(store, pullRequest, meant.record);
}

/** Has the check of the head concluded anew, if it counted the finding. */
async function showWithout(
  context: Context,
  { repository, number, pullRequest, deliveryId }: CommandRequest,
  { name }: Meant,
): Promise<void> {
  const { tasks } = context.store;
  const shown: readonly Task['state'][] = ['done', 'awaiting-approval'];
  const known = await tasks.ofPullRequest(repository.repositoryId, number, shown);
  const task = known.find((one) => one.name === name && one.headSha === pullRequest.headSha);
  if (task !== undefined) await showAgain(context, task, deliveryId);
}

/** As a person would. What GitHub does not let us do stays open: nothing depends on it. */
async function resolveThread(
  { github }: Context,
  { repository, number }: CommandRequest,
  id: string,
): Promise<void> {
  await unlessRefused(refusedCodes, async () => {
    const thread = threadsByFinding(await github.reviewThreads.list(repository, number)).get(id);
    if (thread?.isResolved === false) {
      await github.reviewThreads.resolve(repository, thread.threadId);
    }
  });
}

function answer({ record: { id, tool, rule, path, dismissal } }: Meant, waives: boolean): string {
  const isWaived = waives || dismissal?.waives === true;
  const what = `${safeCode(`${tool}: ${rule}`)} in ${safeCode(path)} (\`${id}\`)`;
  const counts = isWaived
    ? 'The check does not count it any more.'
    : 'The check still counts it: that takes somebody who may approve.';
  return `Dismissed: ${what}. It is not shown on this pull request again. ${counts}`;
}
