import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { announce } from '../../scripts/setup/announce.ts';
import { appEnvironment } from '../support/app-environment.ts';
import { type AppProcess, startApp } from '../support/app-process.ts';
import { type GitHubStandIn, startGitHubStandIn } from '../support/github/stand-in.ts';
import { type AgentStage, setAgentStage } from './agent/stage.ts';
import type { DemoOptions } from './options.ts';
import { readLedger, readResult } from './read-result.ts';
import { Screen } from './screen.ts';
import { playStory } from './story.ts';
import { SandboxWatch } from './watch-sandbox.ts';

/** The engine and image to play with, and when the demo began (`performance.now()`). */
export interface Place {
  readonly engineSocket: string;
  readonly workerImage: string;
  /** Id of the image that the agent runs in, where it is not the linters that run. */
  readonly agentImage: string;
  readonly beganMs: number;
  readonly setupMs: number;
}

/**
 * Starts a GitHub stand-in and the App, plays the story, reads back what came of it and shows it. Stays on a
 * terminal until `signal`, so that the page can be looked at. However it ends, nothing of it is left.
 * @returns whether the ledger verified and every request was one that GitHub takes
 * @throws the signal's reason when it came before the end
 */
export async function playDemo(
  options: DemoOptions,
  place: Place,
  signal: AbortSignal,
): Promise<boolean> {
  await using undo = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'sallyport-demo-'));
  undo.defer(() => rm(dataDir, { recursive: true, force: true }));
  // A name of its own: a runner that starts removes the sandboxes of its name, and two demos may share an engine.
  const runnerId = basename(dataDir);
  const watch = new SandboxWatch(place.engineSocket, runnerId);
  undo.defer(() => watch.removeAll());
  const standIn = await startGitHubStandIn({ dataDir: join(dataDir, 'github') });
  undo.defer(() => standIn.close());
  const appDir = join(dataDir, 'sallyport');
  const { agent } = options;
  const at = { folder: dataDir, image: place.agentImage };
  const agentStage = agent === null ? null : await setAgentStage(agent, at);
  undo.defer(async () => agentStage?.close());
  const env = {
    ...appEnvironment(standIn, { ...place, dataDir: appDir }),
    SALLYPORT_RUNNER_ID: runnerId,
    ...agentStage?.env,
  };
  const app = await startApp(env);
  undo.defer(() => app.stop());
  standIn.webhookUrl = `${app.url}/api/github/webhooks`;
  try {
    const screen = new Screen(options.json ? null : process.stdout);
    const stage = { standIn, dataDir: appDir, watch, signal, agent };
    const story = await playStory(stage, screen, options.own);
    const ledger = await readLedger(env, story.ledgerHead);
    const result = await readResult({ standIn, story, ledger, agent }, place);
    signal.throwIfAborted();
    const faults = faultsOf(standIn, agentStage);
    const isSound = result.ledger.verified && faults.length === 0;
    if (!isSound) sayWhy(app, faults);
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else screen.end(result, `${standIn.url}/${story.repo}/pull/${story.number}`);
    if (!options.json && process.stdin.isTTY && process.stdout.isTTY) {
      screen.say('Open it in a browser. Ctrl-C ends the demo and removes everything it made.');
      await aborted(signal);
    }
    return isSound;
  } catch (error) {
    if (!signal.aborted) sayWhy(app, faultsOf(standIn, agentStage));
    throw error;
  }
}

/** What neither GitHub nor a provider of models would take. */
function faultsOf(standIn: GitHubStandIn, agentStage: AgentStage | null): readonly string[] {
  const violations = standIn.violations.map((violation) => JSON.stringify(violation));
  return [...violations, ...(agentStage?.faults ?? [])];
}

function sayWhy(app: AppProcess, faults: readonly string[]): void {
  announce(`the App's last lines:\n${app.lastLines.join('\n')}`);
  for (const fault of faults) announce(`violation: ${fault}`);
}

async function aborted(signal: AbortSignal): Promise<void> {
  // A signal handler keeps no process alive.
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(keepAlive);
}
