import { DockerEngine } from '../../../src/adapters/docker/docker-engine.ts';
import { SocketDialer } from '../../../src/adapters/net/socket-dialer.ts';
import { createBroker } from '../../../src/broker/create-broker.ts';
import { plantInEnvironment } from '../../../src/config.ts';
import { checkResult } from '../../../src/dispatch/validate-result.ts';
import { layBait } from '../../../src/doctor/bait.ts';
import { allTargets, type Bench } from '../../../src/doctor/bench.ts';
import { showLine } from '../../../src/doctor/show-line.ts';
import { tracesOn } from '../../../src/doctor/traces.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { serveWire } from '../../../src/wire/serve-wire.ts';
import { testEngine } from '../engine.ts';
import { testSandbox } from './run-probe.ts';

let benches = 0;

/** The suite's bench on this test run's engine and image. `close` removes whatever is left. */
export async function testBench(): Promise<{ bench: Bench; close: () => Promise<void> }> {
  const { socketPath, workerImage } = testEngine();
  const sandbox = await testSandbox();
  const engine = new DockerEngine({ socketPath });
  benches += 1;
  const ownerId = `bench-${process.pid}-${benches}`;
  const bait = await layBait(plantInEnvironment);
  const bench: Bench = {
    sandbox,
    nextLife: await testSandbox(),
    engine,
    clock: systemClock,
    image: workerImage,
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
