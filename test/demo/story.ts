import { ledgerHeadPattern } from '../../src/report/ledger-head-pattern.ts';
import { isPublished } from '../support/app-record.ts';
import type { CheckRun } from '../support/github/records.ts';
import type { GitHubStandIn } from '../support/github/stand-in.ts';
import { waitFor } from '../support/wait-for.ts';
import type { AgentChoice } from './agent/choice.ts';
import type { OwnRepository } from './options.ts';
import { sampleBase, sampleHead } from './sample-repository.ts';
import type { Screen } from './screen.ts';
import type { SandboxWatch } from './watch-sandbox.ts';

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

/** Where the story plays: the stand-in, the App's data folder, its sandboxes; and what breaks it off. */
export interface Stage {
  readonly standIn: GitHubStandIn;
  readonly dataDir: string;
  readonly watch: SandboxWatch;
  readonly signal: AbortSignal;
  /** Who works; null: the linters. */
  readonly agent: AgentChoice | null;
}

/** How long a task with an agent may take, ms: its wall clock and more, since real models think. */
const agentPatienceMs = 900_000;

/** The stage with its curtain up. */
interface Act extends Stage {
  readonly screen: Screen;
  readonly number: number;
}

const repo = 'acme/parcel-tracker';

/** Plays the loop with three people: a contributor, a maintainer and a stranger. */
export async function playStory(
  stage: Stage,
  screen: Screen,
  own: OwnRepository | null,
): Promise<Story> {
  const { standIn } = stage;
  await arrange(standIn, own);
  screen.step(
    'A contributor opens a pull request',
    `The App reviews it by itself: ${workersOf(stage)} in a sandbox that has nothing worth stealing.`,
  );
  const title = own === null ? 'Add estimates and a clean-up script' : own.title;
  const wish = { repo, author: 'contributor', head: 'feature', title };
  const { number, pull } = await standIn.openPullRequest(wish);
  const openedGuid = standIn.deliveries.findLast((one) => one.event === 'pull_request')?.guid ?? '';
  const act = { ...stage, screen, number };
  const review = await showReview(act, pull.headSha);
  await refuseStranger(act);
  const fix = await prepareFix(act, pull.headSha);
  const commitSha = fix.conclusion === 'action_required' ? await approve(act, fix) : null;
  const ledgerHead = lastLedgerHead(fix);
  return { repo, number, reviewRunId: review.id, openedGuid, commitSha, ledgerHead };
}

function workersOf({ agent }: Stage): string {
  if (agent === null) return 'analysers run';
  const { name, provider, liveKey } = agent;
  const whose = liveKey === null ? 'a scripted model' : `${provider.model} of ${provider.url}`;
  return `${name} runs, with ${whose},`;
}

async function arrange(standIn: GitHubStandIn, own: OwnRepository | null): Promise<void> {
  const seed = own === null ? sampleBase : { from: own.directory, ref: own.base };
  const head = own === null ? sampleHead : { from: own.directory, ref: own.head };
  await standIn.createRepository({ owner: 'acme', name: 'parcel-tracker', seed });
  standIn.setPermission(repo, 'maintainer', 'maintain');
  standIn.setPermission(repo, 'contributor', 'write');
  standIn.addUser('stranger');
  await standIn.pushBranch(repo, 'feature', head, 'contributor');
  await standIn.installApp(repo);
}

async function showReview(act: Act, headSha: string): Promise<CheckRun> {
  const { standIn, screen, number, watch } = act;
  const review = await concluded(act, headSha, 'sallyport');
  screen.check(review);
  screen.annotations(review);
  const count = suggestions(standIn, number).length;
  screen.say(`suggested changes, each on lines of the diff: ${count}`);
  if (watch.seen !== undefined) screen.sandbox(watch.seen);
  return review;
}

async function refuseStranger(act: Act): Promise<void> {
  const { standIn, screen, number } = act;
  screen.step(
    'A stranger comments "/sallyport fix"',
    'Permission is asked of GitHub at that moment; without it nothing runs, and the answer says why.',
  );
  await standIn.comment(repo, number, 'stranger', '/sallyport fix');
  const refusal = await during(act, 'the refusal', () => refusals(standIn, number).at(0));
  // Before it stand a hidden mark and a link to the comment that asked.
  const [, , , said = ''] = refusal.body.split('\n');
  screen.say(`refused: ${said}`);
}

async function prepareFix(act: Act, headSha: string): Promise<CheckRun> {
  const { standIn, screen, number } = act;
  screen.step(
    'A maintainer comments "/sallyport fix"',
    'A sandbox prepares the patch. It waits at the gate: nothing is written to the branch yet.',
  );
  await standIn.comment(repo, number, 'maintainer', '/sallyport fix');
  const fix = await concluded(act, headSha, 'sallyport fix');
  screen.check(fix);
  if (fix.conclusion !== 'action_required') {
    screen.say('nothing to fix, so nothing to approve');
    return fix;
  }
  for (const { label, description } of fix.actions) screen.say(`button [${label}] ${description}`);
  // The line of the check run that says who may decide, in the product's own words.
  const gate = (fix.output.summary ?? '').split('\n').find((line) => /who may decide/i.test(line));
  if (gate !== undefined) screen.say(gate);
  const isUntouched = standIn.pullRequest(repo, number).pull.headSha === headSha;
  screen.say(`the branch is ${isUntouched ? 'still' : 'NO LONGER'} at ${headSha.slice(0, 12)}`);
  return fix;
}

async function approve(act: Act, fix: CheckRun): Promise<string> {
  const { standIn, screen, number } = act;
  const before = standIn.pullRequest(repo, number).pull.headSha;
  const command = `/sallyport approve ${before.slice(0, 12)}`;
  screen.step(
    `The maintainer comments "${command}"`,
    'Approval names the commit that was looked at. Only then the patch lands, on exactly that commit.',
  );
  await standIn.comment(repo, number, 'maintainer', command);
  const sha = await during(act, 'the commit', () => {
    const { headSha } = standIn.pullRequest(repo, number).pull;
    return headSha === before ? undefined : headSha;
  });
  await during(act, 'the end of the fix', () => (fix.conclusion === 'success' ? true : undefined));
  const commit = await standIn.commit(repo, sha);
  const subject = commit.message.split('\n')[0] ?? '';
  screen.say(`commit ${sha.slice(0, 12)} by ${commit.author.name}: ${subject}`);
  await reviewAgain(act, sha);
  return sha;
}

/** How what the App said before stands after the new head has been reviewed, as GitHub has it. */
async function reviewAgain(act: Act, headSha: string): Promise<void> {
  const { standIn, screen, number } = act;
  screen.step(
    'The new head is reviewed by itself',
    'The commit of the App is looked at like anybody else’s. What it fixed has its thread resolved.',
  );
  screen.check(await concluded(act, headSha, 'sallyport'));
  const threads = standIn.reviewThreads(repo, number);
  const resolved = threads.filter(({ thread }) => thread.resolvedBy?.type === 'Bot').length;
  const fresh = threads.filter(({ first }) => first.originalCommitId === headSha).length;
  screen.say(`threads: ${threads.length}; resolved by the App: ${resolved}; new: ${fresh}`);
}

/** Comments on the diff that hold a change to commit; the App has others there, such as the diff of a file. */
export function suggestions(standIn: GitHubStandIn, number: number) {
  return standIn
    .reviewComments(repo, number)
    .filter((comment) => /^`{3,}suggestion$/m.test(comment.body));
}

/** Comments of the App that answer a refused command. */
export function refusals(standIn: GitHubStandIn, number: number) {
  return standIn
    .issueComments(repo, number)
    .filter(
      (comment) => comment.author.type === 'Bot' && comment.body.includes('sallyport:reply:'),
    );
}

/** Waits for something of the story while it lasts, and looks at the sandboxes meanwhile. */
function during<Found>(
  { signal, watch, agent }: Stage,
  what: string,
  look: () => Found | undefined | Promise<Found | undefined>,
): Promise<Found> {
  const lookOnce = async () => {
    signal.throwIfAborted();
    await watch.look();
    return look();
  };
  return waitFor(what, lookOnce, agent === null ? undefined : agentPatienceMs);
}

async function concluded(stage: Stage, sha: string, name: string): Promise<CheckRun> {
  return during(stage, `the check ${name}`, async () => {
    const runs = stage.standIn.checkRuns(repo, sha).filter((run) => run.name === name);
    const run = runs.find((one) => one.status === 'completed');
    return run !== undefined && (await isPublished(stage.dataDir, run)) ? run : undefined;
  });
}

function lastLedgerHead(run: CheckRun): string {
  const head = ledgerHeadPattern.exec(run.output.summary ?? '')?.[1];
  // So it is when the App could not do the task: its log, which follows, says why.
  if (head === undefined)
    throw new Error(`"${run.name}" ended as ${run.conclusion}, with no ledger`);
  return head;
}
