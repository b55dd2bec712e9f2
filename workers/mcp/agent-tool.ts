import type { z } from 'zod';

/** Why a tool does not do what it was asked, in words by which the agent can put it right. */
export class Refusal extends Error {}

/** One tool of the server. */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  /** Does it change nothing? Some agents ask nobody about such a tool. */
  readonly isReading: boolean;
  /** @throws Refusal */
  answer(given: unknown): string;
}

type Spec<Schema extends z.ZodObject> = Omit<AgentTool, 'schema' | 'answer'> & {
  readonly schema: Schema;
  readonly answer: (args: z.output<Schema>) => string;
};

/** A tool that looks at its arguments itself, and says in words what is wrong with them. */
export function agentTool<Schema extends z.ZodObject>(spec: Spec<Schema>): AgentTool {
  return { ...spec, answer: (given) => spec.answer(argumentsOf(spec.schema, given)) };
}

/** Most faults that are told at once. */
const maxFaults = 5;

function argumentsOf<Schema extends z.ZodObject>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(withoutNulls(given ?? {}));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, maxFaults).map(({ path, message }) => {
    const place = path.join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  throw new Refusal(`Nothing was done. ${faults.join('; ')}. Put it right and call again.`);
}

/** Many models say null where they mean nothing. */
function withoutNulls(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}
