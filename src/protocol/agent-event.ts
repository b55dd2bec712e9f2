import { z } from 'zod';

const count = z.int().nonnegative();

/**
 * What an agent says of its own work, one JSON after `::event ` on a line of its stdout. Its word alone: what was
 * executed the supervisor tells by `exec`, and what was used the broker counts. Text is hostile.
 */
export const AgentEvent = z.discriminatedUnion('kind', [
  /** It uses a tool of its own, as a shell or an editor. */
  z.strictObject({
    kind: z.literal('tool'),
    name: z.string().min(1).max(64),
    detail: z.string().max(300),
  }),
  /** Tokens of one answer of the model, as the agent counts them. */
  z.strictObject({
    kind: z.literal('tokens'),
    input: count,
    output: count,
    cacheRead: count,
    cacheWrite: count,
  }),
  /** What the agent believes to have cost so far. */
  z.strictObject({ kind: z.literal('cost'), costMicroUsd: count }),
  /** The provider refused or failed a request; `status` null: there was no answer. */
  z.strictObject({
    kind: z.literal('provider-error'),
    status: z.int().min(100).max(599).nullable(),
    text: z.string().max(300),
  }),
  /** It says that it is done, and how. */
  z.strictObject({
    kind: z.literal('end'),
    how: z.enum(['done', 'refused', 'turns', 'error']),
    text: z.string().max(300),
  }),
]);
export type AgentEvent = z.infer<typeof AgentEvent>;
