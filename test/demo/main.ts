import { setTimeout as delay } from 'node:timers/promises';
import { announce } from '../../scripts/setup/announce.ts';
import { type Prepared, prepare } from '../../scripts/setup/prepare.ts';
import { ensureWorkerImage } from '../../scripts/setup/worker-image.ts';
import type { AgentChoice } from './agent/choice.ts';
import { onInterruption } from './interruption.ts';
import { readOptions } from './options.ts';
import { playDemo } from './play-demo.ts';

/** Exit code of a demo that failed, or whose ledger did not verify. */
const exitBroken = 1;

/** How long an installation or a build that is broken off may take to tidy up behind itself, ms. */
const setupGraceMs = 5_000;

/** Plays the demo and removes everything it made; returns the exit code. */
async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = await readOptions(args);
  const beganMs = performance.now();
  const { engine, image, agentImage } = await prepareUnlessAborted(options.agent, signal);
  try {
    const setupMs = performance.now() - beganMs;
    const place = {
      engineSocket: engine.socketPath,
      workerImage: image.ref,
      agentImage,
      beganMs,
      setupMs,
    };
    return (await playDemo(options, place, signal)) ? 0 : exitBroken;
  } finally {
    await engine.release();
  }
}

/** The engine, the image of the linters, and that of the agent's own where there is one. */
type DemoPrepared = Prepared & { readonly agentImage: string };

async function prepareWith(agent: AgentChoice | null): Promise<DemoPrepared> {
  const prepared = await prepare();
  if (agent === null) return { ...prepared, agentImage: prepared.image.id };
  announce(
    `the image of ${agent.name}: its first build takes minutes, and some hundred MB to load`,
  );
  const beganMs = performance.now();
  try {
    const { id } = await ensureWorkerImage(prepared.engine, agent.name);
    const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
    announce(`the image of ${agent.name} is there, after ${seconds} s`);
    return { ...prepared, agentImage: id };
  } catch (error) {
    await prepared.engine.release();
    throw error;
  }
}

async function prepareUnlessAborted(
  agent: AgentChoice | null,
  signal: AbortSignal,
): Promise<DemoPrepared> {
  const aborted = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => aborted.resolve());
  const prepared = prepareWith(agent);
  await Promise.race([prepared, aborted.promise]);
  if (!signal.aborted) return prepared;
  // Ctrl-C has reached apt-get or mmdebstrap too, so their errors say nothing new.
  const late = await Promise.race([prepared.catch(() => undefined), delay(setupGraceMs)]);
  await late?.engine.release();
  throw signal.reason;
}

const interruption = onInterruption();
try {
  process.exitCode = await main(process.argv.slice(2), interruption.signal);
} catch (error) {
  process.exitCode = interruption.exitCode ?? exitBroken;
  if (interruption.exitCode === undefined) {
    announce(`the demo failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
// A set-up that was broken off may still be waiting for an answer; everything of ours is gone by now.
if (interruption.exitCode !== undefined) process.exit();
