import { type Config, plantInEnvironment } from './config.ts';
import type { Context } from './dispatch/context.ts';
import type { RunnerContext } from './dispatch/runner.ts';
import { WarmSandboxes } from './dispatch/warm-sandboxes.ts';
import { GuardedSandbox } from './doctor/guarded-sandbox.ts';
import { probeRuntime } from './doctor/probe.ts';
import { type Provable, RuntimeGuard } from './doctor/runtime-guard.ts';
import type { EngineRunner } from './open-runner.ts';
import type { EffectivePolicy } from './policy/effective-policy.ts';
import { findRules } from './policy/rules-of.ts';

/** A runner whose sandboxes are of proven runtime classes and images only, the guard that knows them, and what waits. */
export interface GuardedRunner extends RunnerContext {
  readonly guard: RuntimeGuard;
  /** What is proven before the first task: the runtime class and the image of the operator's reviews. */
  readonly usual: Provable;
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
  const { sandbox } = runner;
  const { limits } = policies.operator.policy;
  const usual = usualOf(policies.operator.policy, runner);
  const ports = { sandbox, clock, plant: plantInEnvironment };
  const ownerId = config.runnerId;
  const guard = new RuntimeGuard({
    probe: (probed) => probeRuntime(ports, { ...probed, ownerId, limits }),
    ledger,
    log,
    clock,
    runnerId: ownerId,
    onUnproven: (unproven) => warm.drain(unproven),
  });
  const isProven = guard.isProven.bind(guard);
  const warm = new WarmSandboxes({ sandbox, clock, log, size: config.warm, isProven });
  warm.want({ ownerId: runner.id, limits, ...usual });
  return {
    context,
    guard,
    usual,
    warm,
    runner: { ...runner, sandbox: new GuardedSandbox(warm, guard) },
  };
}

/** What a review of the operator's policy runs in; without one, the plainest image there is. */
function usualOf(policy: EffectivePolicy, { imageOf }: EngineRunner): Provable {
  const review = findRules(policy, 'review');
  if (review === undefined) return { runtime: policy.runtime, image: imageOf('linters') };
  return { runtime: review.runtime, image: review.image ?? imageOf(review.agent) };
}
