import type { EgressMeters } from '../broker/meters.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { ModelLimit } from '../protocol/usage.ts';
import type { WireTask } from '../wire/wire-task.ts';
import type { AgentPorts, AgentRun } from './agent-run.ts';
import { givenSecrets } from './given-secrets.ts';
import { LeakGuard } from './leak-guard.ts';
import { openBroker, type RunBroker } from './open-broker.ts';
import { runSandbox, type SandboxRun, type SandboxVerdict } from './run-sandbox.ts';
import { secretWords, wordsOf } from './secret-words.ts';
import type { StageName } from './stage-name.ts';

/** A task whose stages run one after the other. */
export interface StagedRun {
  readonly ports: AgentPorts;
  readonly run: AgentRun;
  /** What all its sandboxes together use of the network. */
  readonly network: EgressMeters;
}

/** One sandbox of a task: fresh, with an input of its own. */
export interface Stage {
  readonly name: StageName;
  readonly image: string;
  readonly bundle: WireTask['bundle'];
  readonly rules: Pick<EffectiveTask, 'runtime' | 'limits'>;
  readonly reach: EgressPolicy;
}

/** What a sandbox handed back, and what it has to be looked through for. */
export interface StageResult extends Extract<SandboxVerdict, { status: 'result' }> {
  /** The ceiling of models at which its agent had to stop; undefined: none was reached. */
  readonly modelLimit: ModelLimit | undefined;
  readonly guard: LeakGuard;
  /** Secrets of the control plane that are in nothing that may be kept. */
  readonly secrets: readonly string[];
}

/** How a sandbox ended without a result. */
export type StageFailure = Exclude<SandboxVerdict, { status: 'result' }>;

/**
 * Runs one sandbox of a task and hands what it gave to `take`, which keeps nothing before the guard has looked at it.
 * A secret in any of it ends the stage as `incident:secret-in-output`, whatever else it ended by.
 */
export async function runStage<T>(
  { ports, run, network }: StagedRun,
  stage: Stage,
  take: (result: StageResult) => Promise<T | StageFailure>,
): Promise<T | StageFailure> {
  const guard = new LeakGuard();
  return underGuard(run, { guard, name: stage.name }, async () => {
    guard.know(await secretsOf(ports));
    const broker = brokerOf({ ports, run, network }, { ...stage, guard });
    const verdict = await inSandbox(ports, run, { ...stage, guard, broker });
    if (verdict.status !== 'result') return verdict;
    const modelLimit = broker.modelLimit();
    return take({ ...verdict, modelLimit, guard, secrets: await secretsOf(ports) });
  });
}

/** Does something with what came out of a sandbox, and ends by name where its guard sees a secret. */
export async function underGuard<T>(
  run: Pick<AgentRun, 'onIncident'>,
  { guard, name }: { readonly guard: LeakGuard; readonly name: StageName },
  work: () => Promise<T | StageFailure>,
): Promise<T | StageFailure> {
  let ended: T | StageFailure | undefined;
  try {
    ended = await work();
  } catch (error) {
    if (guard.incident === undefined) throw error;
  }
  // Not by how it ended: whoever leaks could reach a ceiling with the next request.
  if (guard.incident === undefined) return ended as T | StageFailure;
  await run.onIncident?.(guard.incident, name);
  return { status: 'failed', reason: 'incident:secret-in-output' };
}

function brokerOf(
  { ports, run, network }: StagedRun,
  { name, reach, guard }: Stage & { readonly guard: LeakGuard },
): RunBroker {
  const credentials = givenSecrets(ports.egress.credentials, (secret) =>
    guard.know(wordsOf(secret)),
  );
  const egress = { ...ports.egress, credentials };
  const broker = openBroker(
    { ...ports, egress },
    {
      policy: reach,
      onRecord: (record) => run.onEgress(record, name),
      modelKey: guard.modelKey,
      models: run.models,
      network,
      bodyWatch: () => guard.watchBody(),
    },
  );
  return guard.watch(broker);
}

async function inSandbox(
  ports: AgentPorts,
  run: AgentRun,
  {
    name,
    image,
    bundle,
    rules,
    reach,
    guard,
    broker,
  }: Stage & { readonly guard: LeakGuard; readonly broker: RunBroker },
): Promise<SandboxVerdict> {
  return runSandbox(ports, {
    taskId: run.task.id,
    ownerId: run.ownerId,
    image,
    runtime: rules.runtime,
    limits: rules.limits,
    bundle,
    canary: guard.canary,
    ...modelFor(reach, guard, broker),
    broker,
    onEvent: (event) => {
      guard.checkEvent(event);
      return run.onEvent(event, name);
    },
    onAssigned: (assigned) => run.onAssigned?.(assigned, name),
    onPeaks: (peaks) => run.onPeaks?.(peaks, name),
    signal: run.signal,
  });
}

/** What an agent needs that may ask a model; one that may not is given no key. */
function modelFor(
  { modelRoutes }: EgressPolicy,
  { modelKey }: LeakGuard,
  broker: RunBroker,
): Pick<SandboxRun, 'modelKey' | 'budget'> {
  return modelRoutes.length === 0 ? {} : { modelKey, budget: broker.modelBudget() };
}

/** A credential that cannot be read cannot be looked for, and then nothing goes out. */
async function secretsOf({ ownSecrets = [], egress }: AgentPorts): Promise<readonly string[]> {
  return [...ownSecrets, ...(await secretWords(egress.credentials))];
}
