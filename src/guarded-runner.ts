import { type Config, plantInEnvironment } from './config.ts';
import type { Context } from './dispatch/context.ts';
import type { RunnerContext } from './dispatch/runner.ts';
import { WarmSandboxes } from './dispatch/warm-sandboxes.ts';
import { probeRuntime } from './doctor/probe.ts';
import { GuardedSandbox, RuntimeGuard } from './doctor/runtime-guard.ts';
import type { EngineRunner } from './wiring.ts';

/** A runner whose sandboxes are of proven runtime classes only, the guard that knows them, and what waits. */
export interface GuardedRunner extends RunnerContext {
  readonly guard: RuntimeGuard;
  readonly warm: WarmSandboxes;
}

/**
 * Puts a guard in front of a runner's sandboxes, those that wait included. The probes have an owner of their
 * own, no task is theirs, and what they look at is started for them: never one that waited.
 */
export function guardRunner(
  config: Config,
  { context, runner }: { readonly context: Context; readonly runner: EngineRunner },
): GuardedRunner {
  const { ledger, log, clock, policies } = context;
  const { sandbox, image } = runner;
  const { runtime, limits } = policies.operator.policy;
  const ports = { sandbox, clock, plant: plantInEnvironment };
  const ownerId = config.runnerId;
  const guard = new RuntimeGuard({
    probe: (probed) => probeRuntime(ports, { runtime: probed, image, ownerId, limits }),
    ledger,
    log,
    clock,
    runnerId: ownerId,
    onUnproven: (unproven) => warm.drain(unproven),
  });
  const isProven = guard.isProven.bind(guard);
  const warm = new WarmSandboxes({ sandbox, clock, log, size: config.warm, isProven });
  warm.want({ ownerId: runner.id, image, runtime, limits });
  return { context, guard, warm, runner: { ...runner, sandbox: new GuardedSandbox(warm, guard) } };
}
