import type { CommandName } from '../domain/command-names.ts';

/** What a person may ask for in a comment. */
export type Command =
  | { readonly name: 'help' | 'review' | 'pause' | 'resume' | 'status' | 'explain' }
  | { readonly name: 'fix'; readonly instructions: string | null }
  /** A task by its name in the policy, with values by key, in the order in which they were written. */
  | {
      readonly name: 'run';
      readonly task: string;
      readonly parameters: ReadonlyMap<string, string>;
    }
  /** `target` is a task id, a task's name or the start of a commit SHA, or null for the one that waits. */
  | { readonly name: 'approve'; readonly target: string | null }
  | { readonly name: 'reject'; readonly reason: string | null }
  /** `target` is a task id or a task's name, or null: all that live, or the last that failed. */
  | { readonly name: 'cancel' | 'retry'; readonly target: string | null }
  /** `target` is the id of a finding, or null for that of the thread. */
  | { readonly name: 'dismiss'; readonly target: string | null }
  /** A command whose arguments do not fit it. */
  | { readonly name: 'malformed'; readonly command: CommandName; readonly problem: string }
  /** No command; `closest` is what was probably meant: a command, or a task's name. */
  | { readonly name: 'unknown'; readonly word: string; readonly closest: string | null }
  /** Stands once for all commands of a comment after the first `taken`, which are left alone. */
  | { readonly name: 'surplus'; readonly taken: number };
