import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { LedgerEntry } from '../../src/domain/ledger-entry.ts';
import type { GitHubStandIn } from '../support/github/stand-in.ts';
import type { AgentChoice } from './agent/choice.ts';
import { type AgentResult, agentResult } from './agent/result.ts';
import { refusals, type Story, suggestions } from './story.ts';

const run = promisify(execFile);
const mainFile = join(import.meta.dirname, '../../src/main.ts');

/** The ledger as `sallyport ledger` shows it. */
export interface LedgerView {
  readonly entries: readonly LedgerEntry[];
  readonly verified: boolean;
}

/** What `npm run demo -- --json` prints. */
export interface DemoResult {
  readonly check: {
    readonly status: string;
    readonly conclusion: string | null;
    readonly annotations: number;
  };
  readonly suggestions: number;
  readonly refused: number;
  readonly commit: { readonly sha: string; readonly author: string } | null;
  readonly ledger: { readonly events: number; readonly verified: boolean };
  /** Absent of the linters. */
  readonly agent?: AgentResult;
  readonly ms: Readonly<
    Record<'setup' | 'webhookAck' | 'queuedToRunning' | 'running' | 'total', number>
  >;
}

/** Reads and verifies the ledger by the product's own command, against the head that GitHub was shown. */
export async function readLedger(
  env: Record<string, string>,
  head: string | undefined,
): Promise<LedgerView> {
  const exported = await sallyport(env, ['ledger', 'export']);
  const entries = exported
    .split('\n')
    .filter(Boolean)
    .map((line) => LedgerEntry.parse(JSON.parse(line)));
  const answer = await sallyport(env, [
    'ledger',
    'verify',
    '--json',
    ...(head === undefined ? [] : ['--head', head]),
  ]);
  const { verified } = z.object({ verified: z.boolean() }).parse(JSON.parse(answer));
  return { entries, verified };
}

/** What was played, and with whom. */
interface Played {
  readonly standIn: GitHubStandIn;
  readonly story: Story;
  readonly ledger: LedgerView;
  readonly agent: AgentChoice | null;
}

/** Every number is read back: from the stand-in's records or from the ledger's rows. */
export async function readResult(
  { standIn, story, ledger, agent }: Played,
  clock: { readonly setupMs: number; readonly beganMs: number },
): Promise<DemoResult> {
  const check = standIn.world.checkRuns.get(story.reviewRunId);
  if (check === undefined) throw new Error('the check run is gone');
  const opened = standIn.deliveries.find((delivery) => delivery.guid === story.openedGuid);
  if (opened === undefined) throw new Error('the webhook of the opening is gone');
  const times = stateTimes(ledger, check.externalId);
  return {
    check: {
      status: check.status,
      conclusion: check.conclusion,
      annotations: check.annotations.length,
    },
    suggestions: suggestions(standIn, story.number).length,
    refused: refusals(standIn, story.number).length,
    commit: await commitOf(standIn, story),
    ledger: { events: ledger.entries.length, verified: ledger.verified },
    ...(agent === null ? {} : { agent: agentResult(agent, ledger.entries) }),
    ms: {
      setup: Math.round(clock.setupMs),
      webhookAck: Math.round(opened.durationMs),
      queuedToRunning: times.between('task.planned', 'task.running'),
      running: times.between('task.running', 'task.collecting'),
      total: Math.round(performance.now() - clock.beganMs),
    },
  };
}

async function commitOf(standIn: GitHubStandIn, story: Story): Promise<DemoResult['commit']> {
  if (story.commitSha === null) return null;
  const commit = await standIn.commit(story.repo, story.commitSha);
  return { sha: story.commitSha, author: commit.author.name };
}

function stateTimes(ledger: LedgerView, taskId: string) {
  const at = (type: string): number => {
    const entry = ledger.entries.find((one) => one.taskId === taskId && one.type === type);
    if (entry === undefined) throw new Error(`the ledger has no ${type} of the review`);
    return entry.atMs;
  };
  return { between: (from: string, to: string): number => at(to) - at(from) };
}

/** The command's standard output, also when it ends with 1 because something does not verify. */
async function sallyport(env: Record<string, string>, args: readonly string[]): Promise<string> {
  const options = { env: { PATH: process.env['PATH'] ?? '', ...env }, maxBuffer: 2 ** 28 };
  try {
    return (await run(process.execPath, [mainFile, ...args], options)).stdout;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 1 && 'stdout' in error) {
      return String(error.stdout);
    }
    throw error;
  }
}
