import { type Digest, digestOf } from '../domain/ids.ts';
import { type Outcome, type ProposedChange, patchDigestOf } from '../domain/outcome.ts';
import type { Peaks } from '../domain/peaks.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { Source, SourceLocation, SourceSnapshot } from '../ports/source.ts';
import type { ArtifactStore } from '../ports/store.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { PolicyInstructions } from '../protocol/task-input.ts';
import { type AgentOrder, agentInput } from './agent-input.ts';
import { inputFilter, shownFiles, wholeFile } from './input-filter.ts';
import { type Incident, LeakGuard } from './leak-guard.ts';
import { type EgressPorts, openBroker, type RunEgress } from './open-broker.ts';
import { runSandbox, type SandboxRun, type SandboxVerdict } from './run-sandbox.ts';
import { checkResult, type FileChange } from './validate-result.ts';

/** The outside systems that a run needs; the same for a pull request and for a local repository. */
export interface AgentPorts {
  readonly source: Source;
  readonly sandbox: Sandbox;
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  readonly egress: EgressPorts;
  /** Secrets of the control plane, besides the credentials of `egress`: none may come out of a sandbox. */
  readonly ownSecrets?: readonly string[];
}

/** One run of an agent over two commits. */
export interface AgentRun {
  readonly task: AgentOrder['task'];
  /** What the policy tells the agent; nothing when left out. */
  readonly policyInstructions?: PolicyInstructions | null;
  readonly location: SourceLocation;
  readonly rules: EffectiveTask;
  readonly reach: EgressPolicy;
  readonly image: string;
  /** Is the agent told of every file in place of those that changed? Where nothing did, there is no other choice. */
  readonly wholeTree?: boolean;
  readonly ownerId: string;
  readonly signal: AbortSignal;
  /** The sandbox waits for its promise; a rejection ends the run with that error. */
  readonly onEvent: (event: SandboxEvent) => void | Promise<void>;
  /** Told once which sandbox the run has. */
  readonly onAssigned?: SandboxRun['onAssigned'];
  /** Told once what the run used, however it ends. */
  readonly onPeaks?: (peaks: Peaks) => void | Promise<void>;
  /** Takes each decision of the broker before it is acted on; a rejection ends the run with that error. */
  readonly onEgress: RunEgress['onRecord'];
  /** Told where a secret was seen in what came out; the run then fails and nothing of it is kept. */
  readonly onIncident?: (incident: Incident) => Promise<void>;
  /** Called when the input is ready and the sandbox is about to start. */
  readonly onPrepared: (inputDigest: Digest) => Promise<void>;
}

/** The validated outcome with the bytes it is about, or how the run ended without one. */
export type AgentVerdict =
  | {
      readonly status: 'outcome';
      readonly outcome: Outcome;
      readonly patchDigest: Digest;
      readonly files: readonly FileChange[];
      readonly snapshot: SourceSnapshot;
    }
  | Exclude<SandboxVerdict, { status: 'result' }>;

/**
 * Prepares the input, runs the sandbox, checks the result against the pristine tree and stores its bytes.
 * A secret in any of it ends the run as `incident:secret-in-output`.
 */
export async function runAgent(ports: AgentPorts, run: AgentRun): Promise<AgentVerdict> {
  const guard = new LeakGuard();
  let verdict: AgentVerdict = { status: 'failed', reason: 'incident:secret-in-output' };
  try {
    const ended = await runGuarded(ports, run, guard);
    // Not by how it ended: whoever leaks could reach a ceiling with the next request.
    if (guard.incident === undefined) verdict = ended;
  } catch (error) {
    if (guard.incident === undefined) throw error;
  }
  if (guard.incident !== undefined) await run.onIncident?.(guard.incident);
  return verdict;
}

async function runGuarded(
  ports: AgentPorts,
  run: AgentRun,
  guard: LeakGuard,
): Promise<AgentVerdict> {
  const { task, rules } = run;
  const filter = inputFilter(rules);
  const limits = { ...rules.limits, ...filter };
  const snapshot = await ports.source.snapshot(run.location, task, limits, run.signal);
  const shown =
    run.wholeTree === true
      ? snapshot.files.map(wholeFile)
      : await shownFiles(filter, snapshot.changedFiles);
  const bundle = snapshot.bundle(agentInput(run, snapshot, shown));
  await run.onPrepared(bundle.digest);
  const verdict = await runSandbox(ports, {
    taskId: task.id,
    ownerId: run.ownerId,
    image: run.image,
    runtime: rules.runtime,
    limits: rules.limits,
    bundle: bundle.stream,
    canary: guard.canary,
    broker: guard.watch(
      openBroker(ports, {
        policy: run.reach,
        onRecord: run.onEgress,
        bodyWatch: () => guard.watchBody(),
      }),
    ),
    onEvent: (event) => {
      guard.checkEvent(event);
      return run.onEvent(event);
    },
    onAssigned: run.onAssigned,
    onPeaks: run.onPeaks,
    signal: run.signal,
  });
  if (verdict.status !== 'result') return verdict;
  const { agent } = verdict.result.manifest;
  if (agent.timedOut) return { status: 'timed-out', reason: 'limit:wall-clock' };
  if (verdict.result.manifest.report === null) {
    return { status: 'failed', reason: 'result:no-report' };
  }
  const checked = await checkResult(snapshot, verdict.result);
  const { report } = verdict.result.manifest;
  // Before anything is stored: what is withheld must not lie about either.
  guard.checkResult(checked, report, await secretsOf(ports));
  const changes = await keep(ports.artifacts, checked.files);
  const strays =
    checked.strayFindings === 0
      ? []
      : [
          {
            tool: rules.agent,
            message: `${checked.strayFindings} findings name files that are not in the tree`,
          },
        ];
  const outcome: Outcome = {
    findings: [...checked.findings],
    marks: [...checked.marks],
    changes: [...changes],
    refused: [...checked.refused],
    omitted: [...snapshot.omitted],
    tools: report.tools,
    toolErrors: [...report.toolErrors, ...strays],
    mergeBaseSha: snapshot.mergeBaseSha,
    diffDigest: await ports.artifacts.put(snapshot.diff),
    inputDigest: bundle.digest,
    imageDigest: verdict.imageDigest,
    runtime: rules.runtime,
    runMs: verdict.runMs,
    peaks: verdict.peaks,
  };
  const patchDigest = patchDigestOf(changes);
  return { status: 'outcome', outcome, patchDigest, files: checked.files, snapshot };
}

/** A credential that cannot be read cannot be looked for, and then nothing goes out. */
async function secretsOf({ ownSecrets = [], egress }: AgentPorts): Promise<readonly string[]> {
  const credentials = [...egress.credentials.values()].map(async (provide) => provide());
  return [...ownSecrets, ...(await Promise.all(credentials))];
}

async function keep(
  artifacts: ArtifactStore,
  files: readonly FileChange[],
): Promise<readonly ProposedChange[]> {
  const changes: ProposedChange[] = [];
  for (const { path, before, after } of files) {
    const beforeDigest = before === null ? null : digestOf(before);
    if (before !== null) await artifacts.put(before);
    changes.push({
      path,
      before: beforeDigest,
      after: after === null ? null : await artifacts.put(after),
    });
  }
  return changes;
}
