import { z } from 'zod';

/** What a second agent thinks of a finding of the first. Its words are hostile. */
export const Opinion = z.strictObject({
  /** Of the finding, as the agent was told. */
  id: z.string().regex(/^[a-z0-9]{1,12}$/),
  verdict: z.enum(['confirmed', 'refuted', 'unsure']),
  reason: z.string().max(1_000),
});
export type Opinion = z.infer<typeof Opinion>;
