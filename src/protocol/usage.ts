import { z } from 'zod';
import { Peaks } from '../domain/peaks.ts';

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
  z.strictObject({ type: z.literal('limit'), limit: z.enum(['limit:output', 'limit:pids']) }),
] as const;
