import { type TargetName, targetNames } from '../../../scripts/setup/worker-targets.ts';
import type { Limits } from '../../../src/domain/limits.ts';
import type { RuntimeClass } from '../../../src/ports/sandbox.ts';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import type { SandboxResult } from '../../../src/wire/receive-result.ts';
import { serveWire } from '../../../src/wire/serve-wire.ts';
import { agentImage } from '../images/agent-image.ts';
import { inputBundle } from '../sandbox/input-bundle.ts';
import { freshTaskId, testSandbox } from '../sandbox/run-probe.ts';
import { smallLimits } from '../sandbox/small-limits.ts';
import {
  type AgentBench,
  type BenchEnd,
  canary,
  plainFiles,
  plainPrompt,
  taskOf,
} from './agent-bench.ts';
import { BenchBroker, taskKey } from './bench-broker.ts';

const mebibyte = 1024 * 1024;
/** Room for any of the agents. */
export const agentLimits: Limits = {
  ...smallLimits,
  memoryBytes: 3 * 1024 * mebibyte,
  pids: 256,
  tmpBytes: 128 * mebibyte,
  workspaceInodes: 10_000,
};
const ownerId = `agents-${process.pid}`;

/** Runs agents in sandboxes of their own images, with the product's own broker between them and the scripted model. */
export function containerBench(runtime: RuntimeClass): AgentBench {
  const images = new Map<TargetName, Promise<string>>();
  const imageOf = (agent: string): Promise<string> => {
    const target = targetOf(agent);
    const known = images.get(target) ?? agentImage(target);
    images.set(target, known);
    return known;
  };
  return {
    name: runtime,
    async prepare(agent) {
      await imageOf(agent);
    },
    async run(order) {
      const image = await imageOf(order.agent);
      const input = { ...taskOf(order), taskId: freshTaskId() };
      const files = order.files ?? plainFiles;
      const sandbox = await testSandbox();
      const running = await sandbox.start({
        taskId: input.taskId,
        ownerId,
        image,
        runtime,
        limits: agentLimits,
      });
      const broker = new BenchBroker(order);
      const events: SandboxEvent[] = [];
      try {
        const result = await serveWire(running.wire, {
          bundle: () => inputBundle(input, files, { prompt: order.prompt ?? plainPrompt }),
          limits: agentLimits,
          canary,
          modelKey: taskKey,
          onEvent: (event) => void events.push(event),
          onEgress: broker.onEgress,
          signal: AbortSignal.timeout(agentLimits.wallClockMs),
        });
        const denied = await broker.close();
        const { chargedTokens } = broker;
        return { ...endOf(result, files, events), denied, chargedTokens };
      } finally {
        await running.destroy();
      }
    },
  };
}

function targetOf(agent: string): TargetName {
  return targetNames.find((name) => name === agent) ?? 'linters';
}

function endOf(
  { manifest, files: written }: SandboxResult,
  given: Readonly<Record<string, string>>,
  events: readonly SandboxEvent[],
): Omit<BenchEnd, 'denied'> {
  const files = new Map(Object.entries(given));
  for (const { kind, path } of manifest.changes) if (kind === 'delete') files.delete(path);
  for (const [path, bytes] of written) files.set(path, Buffer.from(bytes).toString('utf8'));
  return {
    exitCode: manifest.agent.exitCode,
    events: events.flatMap((event) => (event.type === 'agent' ? [event.event] : [])),
    report: manifest.report,
    files,
    output: events.map(wordsOf).join(''),
  };
}

function wordsOf(event: SandboxEvent): string {
  if (event.type === 'progress') return `::progress ${event.text}\n`;
  return event.type === 'log' ? `${event.text}\n` : '';
}
