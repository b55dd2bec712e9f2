import type { EffectivePolicy, EffectiveTask } from '../policy/effective-policy.ts';
import type { RuntimeClass } from '../ports/sandbox.ts';

/** An image that tasks of a policy run in. */
export interface WantedImage {
  readonly ref: string;
  /** Agents that it has to have, sorted. */
  readonly agents: readonly string[];
  /** Runtime classes that it is started under, sorted. */
  readonly runtimes: readonly RuntimeClass[];
}

/** Every image that the enabled tasks of a policy ask for, in their order. `imageOf` as a runner has it. */
export function wantedImages(
  { tasks }: Pick<EffectivePolicy, 'tasks'>,
  imageOf: (agent: string) => string,
): readonly WantedImage[] {
  const wanted = Object.values(tasks)
    .filter(({ enabled }) => enabled)
    .flatMap((task) => agentsOf(task, imageOf));
  const refs = [...new Set(wanted.map(({ ref }) => ref))];
  return refs.map((ref) => {
    const ofIt = wanted.filter((one) => one.ref === ref);
    const agents = [...new Set(ofIt.map(({ agent }) => agent))].sort();
    return { ref, agents, runtimes: [...new Set(ofIt.map(({ runtime }) => runtime))].sort() };
  });
}

/** A task's own agent, and the one that looks at its findings. */
function agentsOf(
  { agent, image, runtime, secondOpinion }: EffectiveTask,
  imageOf: (agent: string) => string,
) {
  const own = { ref: image ?? imageOf(agent), agent, runtime };
  const second = secondOpinion.agent;
  return second === null ? [own] : [own, { ref: imageOf(second), agent: second, runtime }];
}
