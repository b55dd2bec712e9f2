import { z } from 'zod';
import { shortList } from './short-list.ts';

/** Most commands that one task is verified by. */
export const maxCheckCommands = 20;

/** A program and its arguments, as the policy names them. No shell reads it. */
export const CheckCommand = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and dashes'),
  run: z.array(z.string().min(1).max(1_000)).min(1).max(64),
});
export type CheckCommand = z.infer<typeof CheckCommand>;

/** How a command ended: by itself with a code, or by a signal. */
export const CheckCommandResult = z.strictObject({
  name: CheckCommand.shape.name,
  exitCode: z.int().min(0).max(255).nullable(),
  signal: z.string().max(20).nullable(),
  ms: z.int().nonnegative(),
  /** The end of what it printed, both streams. Hostile. */
  output: z.string().max(8_000),
});
export type CheckCommandResult = z.infer<typeof CheckCommandResult>;

export const CheckCommandResults = shortList(CheckCommandResult, maxCheckCommands);

/** Did it end by itself, and with 0? */
export function isPassed({ exitCode, signal }: CheckCommandResult): boolean {
  return exitCode === 0 && signal === null;
}
