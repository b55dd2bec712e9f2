import { z } from 'zod';
import { Finding } from './finding.ts';
import { FindingId, Marks } from './finding-record.ts';
import { CommitSha, Digest, digestOf } from './ids.ts';
import { PathFault } from './path-fault.ts';
import { Peaks } from './peaks.ts';
import { Purpose } from './purpose.ts';
import { RepoPath } from './repo-path.ts';
import { SecondOpinion } from './second-opinion.ts';
import { TriageAnswer } from './triage-answer.ts';
import { Proof, Verification } from './verification.ts';

/**
 * A change to one file, as the control plane has checked it against the pristine blob.
 * `before` and `after` name artifacts by content; null means that the file is absent on that side.
 */
export const ProposedChange = z
  .strictObject({
    path: RepoPath,
    before: Digest.nullable(),
    after: Digest.nullable(),
  })
  .refine((change) => change.before !== change.after, 'a change changes something');
export type ProposedChange = z.infer<typeof ProposedChange>;

/** What the sandbox did that the gate does not let through, told to people instead of being dropped. */
export const RefusedChange = z.strictObject({
  path: z.string().max(4096),
  reason: z.enum([
    'symlink',
    'special-file',
    'mode',
    'too-large',
    'unreadable',
    'bad-path',
    /** The agent's diff has other lines there than the file. */
    'unfit-patch',
    /** It steers agents, and the agent had another file there than the pull request has. */
    'steering',
    ...PathFault.options,
  ]),
});
export type RefusedChange = z.infer<typeof RefusedChange>;

/** A file that was not given to the agent, and why. */
export const OmittedInput = z.strictObject({
  path: z.string().max(4096),
  reason: z.enum(['too-large', 'submodule', 'not-utf8-path', 'bad-path']),
});
export type OmittedInput = z.infer<typeof OmittedInput>;

/**
 * A file that steers agents: the agent was given what the base branch has of it, or nothing. `head`: one that such a file
 * imports, given as the head has it.
 */
const ReplacedInput = z.strictObject({
  path: z.string().max(4096),
  what: z.enum(['base', 'absent', 'head']),
});

/** The validated outcome of a task's sandbox runs: all that the gates and the report work from. */
export const Outcome = z
  .strictObject({
    findings: z.array(Finding),
    /** Ids of earlier findings whose text the head does not have any more. Absent: an analyser looked, or nobody. */
    gone: z.array(FindingId).optional(),
    /** What each finding is known again by, in the order of the findings. Absent in what was stored before there were any. */
    marks: z.array(Marks).optional(),
    changes: z.array(ProposedChange),
    refused: z.array(RefusedChange),
    omitted: z.array(OmittedInput),
    /** Absent: none, as for an agent that nothing steers. */
    replaced: z.array(ReplacedInput).optional(),
    /** Analysers that ran, with their versions, for the receipt. */
    tools: z.array(z.strictObject({ name: z.string().max(64), version: z.string().max(64) })),
    /** Tools that could not do their work, with the reason. A silent tool is not a clean bill. */
    toolErrors: z.array(
      z.strictObject({ tool: z.string().max(64), message: z.string().max(2_000) }),
    ),
    /** Merge base of base and head: the left side of the pull request's diff. */
    mergeBaseSha: CommitSha,
    /** Artifact that holds the unified diff merge base → head, for anchoring. */
    diffDigest: Digest,
    inputDigest: Digest,
    imageDigest: z.string(),
    runtime: z.string(),
    runMs: z.int().nonnegative(),
    /** Absent in what was stored before they were measured. */
    peaks: Peaks.optional(),
    /** What the task was to achieve; absent in what was stored before tasks had a purpose. */
    purpose: Purpose.optional(),
    /** The ceiling at which the agent was stopped: what is here is a part. Absent: it ended by itself. */
    ending: z.strictObject({ limit: z.string().max(100) }).optional(),
    /** Absent: the policy names no commands, or there is no patch. */
    verification: Verification.optional(),
    /** Of new tests; absent: the task writes none. */
    proof: Proof.optional(),
    /** Absent: nobody looked a second time. */
    opinions: SecondOpinion.optional(),
    /** What the agent would do with the issue, where the task is triage. */
    triage: TriageAnswer.optional(),
  })
  .refine(
    ({ findings, marks }) => marks === undefined || marks.length === findings.length,
    'each finding has its marks',
  );
export type Outcome = z.infer<typeof Outcome>;

/** Digest of a patch: of its changes in path order, so that equal patches have equal digests. */
export function patchDigestOf(changes: readonly ProposedChange[]): Digest {
  const rows = changes
    .map((change) => [change.path, change.before, change.after])
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  return digestOf(JSON.stringify(rows));
}
