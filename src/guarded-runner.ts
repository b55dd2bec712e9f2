import { type Config, plantInEnvironment } from './config.ts';
import type { RunnerContext } from './dispatch/run-task.ts';
import { probeRuntime } from './doctor/probe.ts';
import { GuardedSandbox, RuntimeGuard } from './doctor/runtime-guard.ts';

/** A runner whose sandboxes are of proven runtime classes only, and the guard that knows them. */
export interface GuardedRunner extends RunnerContext {
  readonly guard: RuntimeGuard;
}

/** Puts a guard in front of a runner's sandboxes. The probes have an owner of their own: no task is theirs. */
export function guardRunner(config: Config, { context, runner }: RunnerContext): GuardedRunner {
  const { ledger, log, clock, policy } = context;
  const { sandbox, image } = runner;
  const ports = { sandbox, clock, plant: plantInEnvironment };
  const { limits } = policy.policy;
  const guard = new RuntimeGuard({
    probe: (runtime) => probeRuntime(ports, { runtime, image, ownerId: config.runnerId, limits }),
    ledger,
    log,
    clock,
    runnerId: config.runnerId,
  });
  return { context, guard, runner: { ...runner, sandbox: new GuardedSandbox(sandbox, guard) } };
}
