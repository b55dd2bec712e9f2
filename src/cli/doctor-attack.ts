import { DockerEngine } from '../adapters/docker/docker-engine.ts';
import { SocketDialer } from '../adapters/net/socket-dialer.ts';
import { createBroker } from '../broker/create-broker.ts';
import { type Config, plantInEnvironment } from '../config.ts';
import { checkResult } from '../dispatch/validate-result.ts';
import { layBait } from '../doctor/bait.ts';
import { allTargets, type Bench } from '../doctor/bench.ts';
import { allCases } from '../doctor/cases/all-cases.ts';
import { scoreLine, summaryLine } from '../doctor/print-scoreboard.ts';
import { runSuite, type Scoreboard } from '../doctor/run-suite.ts';
import { showLine } from '../doctor/show-line.ts';
import { tracesOn } from '../doctor/traces.ts';
import { openRunner } from '../open-runner.ts';
import type { RuntimeClass } from '../ports/sandbox.ts';
import { systemClock } from '../system-clock.ts';
import { serveWire } from '../wire/serve-wire.ts';
import { type DoctorOptions, runtimeClasses } from './doctor-options.ts';

/** Everything went as it should; something was broken. */
const [exitHeld, exitBroken] = [0, 1];

/**
 * Runs the containment suite in real sandboxes of the shipped image, under every runtime class asked for,
 * and prints a scoreboard. Resolves with the exit code.
 * @throws SallyportError `engine.unavailable`, `engine.missing-image`
 */
export async function attack(
  config: Config,
  options: DoctorOptions,
  write: (line: string) => void,
): Promise<number> {
  const { bench, close } = await openBench(config);
  try {
    const boards: Scoreboard[] = [];
    for (const runtime of await runtimesOf(bench, options.runtime)) {
      const tell = options.json
        ? () => undefined
        : (score: Parameters<typeof scoreLine>[0]) => write(scoreLine(score));
      const board = await runSuite(bench, runtime, { cases: allCases(bench.show), tell });
      boards.push(board);
      if (!options.json) write(summaryLine(board));
    }
    if (options.json) write(JSON.stringify(boards.length === 1 ? boards[0] : boards, null, 2));
    return boards.some(({ broken }) => broken > 0) ? exitBroken : exitHeld;
  } finally {
    await close();
  }
}

async function runtimesOf(
  { engine }: Bench,
  asked: RuntimeClass | undefined,
): Promise<readonly RuntimeClass[]> {
  if (asked !== undefined) return [asked];
  const { runtimes } = await engine.info();
  return runtimeClasses.filter((runtime) => runtimes.includes(runtime));
}

async function openBench(config: Config): Promise<{ bench: Bench; close: () => Promise<void> }> {
  const { sandbox, imageOf } = openRunner(config);
  const engine = new DockerEngine({ socketPath: config.dockerSocket });
  // Of this process alone: a runner on the same engine keeps its containers, and we ours.
  const ownerId = `doctor-${process.pid}`;
  const bait = await layBait(plantInEnvironment);
  const bench: Bench = {
    sandbox,
    nextLife: openRunner(config).sandbox,
    engine,
    clock: systemClock,
    image: imageOf('linters'),
    ownerId,
    bait,
    findTraces: tracesOn(engine, (ms) => systemClock.after(ms)),
    targets: allTargets(bait),
    egress: { dialer: new SocketDialer(), open: createBroker },
    take: checkResult,
    serve: serveWire,
    show: showLine,
  };
  const close = async (): Promise<void> => {
    await bait.close();
    await bench.nextLife.removeOwned(ownerId);
  };
  return { bench, close };
}
