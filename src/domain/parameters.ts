import { z } from 'zod';

/** Most values that one task is started with. */
export const maxParameters = 16;

/** What a value is called: a lower-case letter, then letters, digits and dashes. */
export const ParameterName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a lower-case letter, then letters, digits and dashes');

/** A value as somebody wrote it. Nothing in it that a reader does not see: no control or format characters. */
export const ParameterValue = z
  .string()
  .max(500)
  .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u, 'must have no characters that cannot be seen');

/** What a task was started with, by name. Data for an agent, never a command line. */
export const Parameters = z
  .record(ParameterName, ParameterValue)
  .refine((values) => Object.keys(values).length <= maxParameters, `at most ${maxParameters}`);
export type Parameters = z.infer<typeof Parameters>;
