import { agentsIn } from '../domain/agent-images.ts';
import { SallyportError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';

/** How a runner finds the image of an agent. */
export interface AgentImageSource {
  /** The image of an agent where the policy names none, by tag or id. */
  readonly imageOf: (agent: string) => string;
  /** The engine that has it, or has it not. */
  readonly engine: Pick<Engine, 'image'>;
}

/** An agent, and the image that the policy wants for it; null: the runner's own. */
export interface WantedAgent {
  readonly agent: string;
  readonly image: string | null;
}

/**
 * The image that an agent of a task runs in. Looked at before anything is started: an image without the agent
 * would start, fail there, and say nothing of why.
 * @throws SallyportError `engine.missing-image`, `engine.missing-agent`, or what the engine could not answer by
 */
export async function imageFor(
  { imageOf, engine }: AgentImageSource,
  { agent, image }: WantedAgent,
): Promise<string> {
  const ref = image ?? imageOf(agent);
  const found = await engine.image(ref);
  if (found === undefined) throw new SallyportError('engine.missing-image', `no image ${ref}`);
  if (agentsIn(found.labels).includes(agent)) return ref;
  throw new SallyportError('engine.missing-agent', `${ref} does not have the agent ${agent}`);
}
