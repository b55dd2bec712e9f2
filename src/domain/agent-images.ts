import { z } from 'zod';

/** The agent whose image has nothing but what every image has. */
const plainAgent = 'linters';

/** The label of an image that names the agents it can run, with commas between them. */
const agentsLabel = 'io.sallyport.agents';

const pair = /^(?<agent>[A-Za-z0-9_-]{1,64})=(?<image>[^\s,=]{1,300})$/;

/** `AGENT=IMAGE` with commas between, as a map; refuses what is none, and an agent that is named twice. */
export const AgentImages = z.string().transform((text, context): ReadonlyMap<string, string> => {
  const images = new Map<string, string>();
  for (const part of text.split(',')) {
    const { agent = '', image = '' } = pair.exec(part.trim())?.groups ?? {};
    if (agent === '' || images.has(agent)) {
      context.addIssue({ code: 'custom', message: 'must be AGENT=IMAGE,…, each agent once' });
      return z.NEVER;
    }
    images.set(agent, image);
  }
  return images;
});

/** Which image each agent runs in, where the policy names none. */
export interface ImageSettings {
  /** By agent, where the operator says so. */
  readonly agentImages: ReadonlyMap<string, string>;
  /** That of the linters. */
  readonly workerImage: string;
}

/** The image of an agent: the operator's word, else the one that `npm run image -- AGENT` tags. */
export function imageOfAgent({ agentImages, workerImage }: ImageSettings, agent: string): string {
  const own = agent === plainAgent ? workerImage : `sallyport-worker:${agent}`;
  return agentImages.get(agent) ?? own;
}

/** The agents that an image says it can run, by its labels; none when it says nothing. */
export function agentsIn(labels: Readonly<Record<string, string>>): readonly string[] {
  return (labels[agentsLabel] ?? '').split(',').filter((name) => name !== '');
}
