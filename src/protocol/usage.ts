import { z } from 'zod';
import { Peaks } from '../domain/peaks.ts';

/**
 * A ceiling of models, of the task or of a budget (`budget:perRepository.tokens`), by name. The broker refuses every
 * request behind it; what the agent has done until then is kept.
 */
export const ModelLimit = z.union([
  z.enum(['limit:model-tokens', 'limit:model-cost', 'limit:model-requests']),
  z.templateLiteral(['budget:', z.string().regex(/^[A-Za-z0-9.-]{1,80}$/)]),
]);
export type ModelLimit = z.infer<typeof ModelLimit>;

/** What the supervisor measures itself. */
export const UsageEvents = [
  /** The most of each so far. The last one is sent when no process of the agent is alive any more. */
  z.strictObject({
    type: z.literal('usage'),
    peaks: Peaks.omit({ resultBytes: true, wireBytes: true }),
    /** Times that the kernel refused to make a process, or ended one for memory. */
    pidsRefused: z.int().nonnegative(),
    oomKills: z.int().nonnegative(),
    /** Was a folder that the agent may write to full when it was looked at? */
    diskFull: z.boolean(),
  }),
  /** The supervisor ended the agent at this ceiling. */
  z.strictObject({
    type: z.literal('limit'),
    limit: z.union([z.enum(['limit:output', 'limit:pids']), ModelLimit]),
  }),
] as const;
