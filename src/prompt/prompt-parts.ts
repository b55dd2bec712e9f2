import type { Parameters } from '../domain/parameters.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import type { ChangedFile, PolicyInstructions, PriorFinding } from '../protocol/task-input.ts';

/** The pull request or issue that a task is about. Title and text are anybody's, and hostile. */
export interface PromptSubject {
  readonly kind: 'pull-request' | 'issue';
  readonly title: string;
  readonly body: string;
}

/** A check run that failed, or somebody's thread, that a fix is to answer. Hostile. */
export interface PromptEvidence {
  readonly title: string;
  readonly text: string;
  /** Does who wrote it belong to the repository? Absent: that is not known, or it was no person. */
  readonly from?: 'member' | 'outsider' | undefined;
}

/** What the base branch tells every coding agent that works in the repository. */
export interface ProjectGuide {
  readonly path: RepoPath;
  readonly text: string;
}

/** What is known of a task before its sources are read. */
export interface PromptOrder {
  /** The reviewed text of `policies/instructions` for the task's purpose. */
  readonly instructions: string;
  readonly policyInstructions: PolicyInstructions | null;
  /** What a maintainer wrote after the command; null: nothing. */
  readonly request: string | null;
  readonly parameters: Parameters;
  /** Null: the task is about two commits alone, as in a local run. */
  readonly subject: PromptSubject | null;
  readonly evidence: readonly PromptEvidence[];
  readonly priorFindings: readonly PriorFinding[];
  /** Those that the policy lets a triage put on an issue. None when left out. */
  readonly labels?: readonly string[];
}

/** All that a prompt is made from. */
export interface PromptParts extends PromptOrder {
  readonly guides: readonly ProjectGuide[];
  readonly changedFiles: readonly ChangedFile[];
  /** Files that steer agents, taken from the base branch. */
  readonly replaced: readonly RepoPath[];
  /** Files that those import, and that are as the pull request has them. Hostile. */
  readonly imported: readonly RepoPath[];
}
