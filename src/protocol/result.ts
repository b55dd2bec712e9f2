import { z } from 'zod';
import { RepoPath } from '../domain/repo-path.ts';
import { AgentReport } from './agent-report.ts';
import { PatchedFile } from './patched-file.ts';
import { protocolVersion } from './task-input.ts';

/** One difference between the workspace as it was given and as the agent left it. */
export const WorkspaceChange = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('write'),
    path: RepoPath,
    executable: z.boolean(),
    bytes: z.int().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('delete'), path: RepoPath }),
  z.strictObject({
    kind: z.literal('refused'),
    path: z.string().max(4096),
    reason: z.enum(['symlink', 'special-file', 'mode', 'too-large', 'unreadable', 'bad-path']),
  }),
]);
export type WorkspaceChange = z.infer<typeof WorkspaceChange>;

/**
 * First line of the body of `POST /v1/result`, as JSON on one line, ended by `\n`.
 * After it come the bytes of each `write`, in order, with nothing between: there is no archive to parse.
 */
export const ResultManifest = z.strictObject({
  protocol: z.literal(protocolVersion),
  agent: z.strictObject({
    exitCode: z.int().min(0).max(255).nullable(),
    signal: z.string().max(20).nullable(),
    timedOut: z.boolean(),
  }),
  /** Null when the agent left no report; `reportError` then says why. */
  report: AgentReport.nullable(),
  reportError: z.string().max(500).nullable(),
  /** What the agent left as a diff, besides what it changed in the workspace. */
  patch: z.array(PatchedFile).optional(),
  changes: z.array(WorkspaceChange),
});
export type ResultManifest = z.infer<typeof ResultManifest>;
