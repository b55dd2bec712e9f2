import { z } from 'zod';
import { CheckCommandResults } from './check-command.ts';

/** How a patch fared with the policy's commands, in a sandbox of its own. Output is hostile. */
export const Verification = z.strictObject({
  /** `passed`: every command ended with 0. `not-run`: it cannot be told, which is no pass. */
  status: z.enum(['passed', 'failed', 'not-run']),
  /** Why it was not run; null where it was. */
  reason: z.string().max(500).nullable(),
  commands: CheckCommandResults,
});
export type Verification = z.infer<typeof Verification>;

/** Do new tests fail without the change that they test, and pass with it? */
export const Proof = z.strictObject({
  status: z.enum(['proven', 'not-proven', 'cannot-tell']),
  /** Why; null where it is proven. */
  reason: z.string().max(500).nullable(),
});
export type Proof = z.infer<typeof Proof>;
