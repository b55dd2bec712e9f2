import { ledgerHeadPattern } from '../../src/report/ledger-head-pattern.ts';
import { isPublished } from '../support/app-record.ts';
import type { CheckRun } from '../support/github/records.ts';
import type { GitHubStandIn } from '../support/github/stand-in.ts';
import { waitFor } from '../support/wait-for.ts';
import type { DemoOptions } from './options.ts';
import { sampleBase, sampleHead } from './sample-repository.ts';
import type { Screen } from './screen.ts';

/** What happened, by the stand-in's own ids. */
export interface Story {
  readonly repo: string;
  readonly number: number;
  readonly reviewRunId: number;
  readonly openedGuid: string;
  /** Null when there was nothing to fix. */
  readonly commitSha: string | null;
  /** `seq:hash` as the last check run's summary carries it. */
  readonly ledgerHead: string;
}

/** Where the story plays: the stand-in, and the App's data folder. */
export interface Stage {
  readonly standIn: GitHubStandIn;
  readonly dataDir: string;
}

const repo = 'acme/parcel-tracker';

/** Plays the loop with three people: a contributor, a maintainer and a stranger. */
export async function playStory(
  stage: Stage,
  screen: Screen,
  own: DemoOptions['own'],
): Promise<Story> {
  const { standIn } = stage;
  await arrange(standIn, own);
  screen.step('A contributor opens a pull request');
  const pull = await standIn.openPullRequest({
    repo,
    author: 'contributor',
    head: 'feature',
    title: own === null ? 'Add estimates and a clean-up script' : `${own.base} → ${own.head}`,
  });
  const openedGuid = standIn.deliveries.findLast((one) => one.event === 'pull_request')?.guid ?? '';
  const review = await concluded(stage, pull.pull.headSha, 'sallyport');
  screen.check(review, standIn.reviewComments(repo, pull.number).length);

  screen.step('A stranger comments /sallyport fix');
  await standIn.comment(repo, pull.number, 'stranger', '/sallyport fix');
  const refusal = await waitFor('the refusal', () => refusals(standIn, pull.number).at(0));
  screen.say(`refused: ${refusal.body.split('\n')[0] ?? ''}`);

  screen.step('A maintainer comments /sallyport fix');
  await standIn.comment(repo, pull.number, 'maintainer', '/sallyport fix');
  const fix = await concluded(stage, pull.pull.headSha, 'sallyport fix');
  screen.check(fix, 0);
  const commitSha =
    fix.conclusion === 'action_required' ? await approve(stage, screen, pull.number, fix) : null;
  return {
    repo,
    number: pull.number,
    reviewRunId: review.id,
    openedGuid,
    commitSha,
    ledgerHead: lastLedgerHead(fix),
  };
}

async function arrange(standIn: GitHubStandIn, own: DemoOptions['own']): Promise<void> {
  const seed = own === null ? sampleBase : { from: own.directory, ref: own.base };
  const head = own === null ? sampleHead : { from: own.directory, ref: own.head };
  await standIn.createRepository({ owner: 'acme', name: 'parcel-tracker', seed });
  standIn.setPermission(repo, 'maintainer', 'maintain');
  standIn.setPermission(repo, 'contributor', 'write');
  standIn.addUser('stranger');
  await standIn.pushBranch(repo, 'feature', head, 'contributor');
  await standIn.installApp(repo);
}

async function approve(
  stage: Stage,
  screen: Screen,
  number: number,
  fix: CheckRun,
): Promise<string> {
  const { standIn } = stage;
  const before = standIn.pullRequest(repo, number).pull.headSha;
  screen.step('The maintainer comments /sallyport approve');
  await standIn.comment(repo, number, 'maintainer', `/sallyport approve ${before.slice(0, 12)}`);
  const sha = await waitFor('the commit', () => {
    const { headSha } = standIn.pullRequest(repo, number).pull;
    return headSha === before ? undefined : headSha;
  });
  await waitFor('the end of the fix', () => (fix.conclusion === 'success' ? true : undefined));
  const commit = await standIn.commit(repo, sha);
  screen.say(
    `${sha.slice(0, 12)} by ${commit.author.name}: ${commit.message.split('\n')[0] ?? ''}`,
  );
  screen.step('The new head is reviewed by itself');
  screen.check(await concluded(stage, sha, 'sallyport'), 0);
  return sha;
}

/** Comments of the App that answer a refused command. */
export function refusals(standIn: GitHubStandIn, number: number) {
  return standIn
    .issueComments(repo, number)
    .filter(
      (comment) => comment.author.type === 'Bot' && comment.body.includes('sallyport:reply:'),
    );
}

async function concluded(
  { standIn, dataDir }: Stage,
  sha: string,
  name: string,
): Promise<CheckRun> {
  return waitFor(`the check ${name}`, async () => {
    const runs = standIn.checkRuns(repo, sha).filter((run) => run.name === name);
    const run = runs.find((one) => one.status === 'completed');
    return run !== undefined && (await isPublished(dataDir, run)) ? run : undefined;
  });
}

function lastLedgerHead(run: CheckRun): string {
  const head = ledgerHeadPattern.exec(run.output.summary ?? '')?.[1];
  if (head === undefined) throw new Error('the check run carries no ledger head');
  return head;
}
