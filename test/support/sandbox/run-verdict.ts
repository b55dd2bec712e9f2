import {
  type Assigned,
  runSandbox,
  type SandboxVerdict,
} from '../../../src/dispatch/run-sandbox.ts';
import type { Limits } from '../../../src/domain/limits.ts';
import type { Peaks } from '../../../src/domain/peaks.ts';
import type { RuntimeClass, Sandbox } from '../../../src/ports/sandbox.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { inputBundle } from './input-bundle.ts';
import { probeTask } from './probe-task.ts';
import { freshTaskId, patienceMs, testSandbox } from './run-probe.ts';
import { smallLimits } from './small-limits.ts';

/** A program of the agent `probe`, to be run as a task is. */
export type Judged = {
  readonly image: string;
  readonly runtime: RuntimeClass;
  /** As in `Probe`; `report(findings)` leaves a report. */
  readonly program: string;
  readonly limits?: Partial<Limits>;
  readonly agentMs?: number;
  /** Where its sandbox is from; the adapter itself unless told. */
  readonly sandbox?: Sandbox;
  /** What the run says of the sandbox that it has goes here. */
  readonly assigned?: Assigned[];
};

const prelude = `
const report = (findings = []) => fs.writeFileSync('/out/report.json',
  JSON.stringify({ findings, tools: [], toolErrors: [] }));
`;

/** Runs it with the control plane's own code; what it comes to, and what it used. */
export async function runVerdict(judged: Judged): Promise<{
  readonly verdict: SandboxVerdict;
  readonly peaks: Peaks | undefined;
}> {
  const { image, runtime, agentMs = patienceMs } = judged;
  const limits = { ...smallLimits, ...judged.limits };
  const taskId = freshTaskId();
  const input = probeTask(taskId, prelude + judged.program, { limits, agentMs });
  let peaks: Peaks | undefined;
  const verdict = await runSandbox(
    { sandbox: judged.sandbox ?? (await testSandbox()), clock: systemClock },
    {
      taskId,
      ownerId: `verdict-${process.pid}`,
      image,
      runtime,
      limits,
      bundle: () => inputBundle(input, {}),
      onEvent: () => undefined,
      onAssigned: (told) => void judged.assigned?.push(told),
      onPeaks: (used) => {
        peaks = used;
      },
      signal: new AbortController().signal,
    },
  );
  return { verdict, peaks };
}
