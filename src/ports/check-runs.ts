import type { CommitSha } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';

/** How a check run can end, of GitHub's list those that an App may set. */
export type CheckConclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'timed_out';

/** Annotation of a check run; lines 1-based inclusive; columns only when it is on one line (GitHub's rule). */
export interface CheckAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
  readonly level: 'notice' | 'warning' | 'failure';
  /** At most 255 characters. */
  readonly title: string;
  /** At most 64 KiB. */
  readonly message: string;
}

/** GitHub's limit of annotations in one request (OpenAPI, `PATCH /repos/{owner}/{repo}/check-runs/{id}`). */
export const maxAnnotationsPerRequest = 50;

/** A button on a check run: label ≤ 20, description ≤ 40, identifier ≤ 20 characters; at most 3 a run. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** Title and texts of a check run; each text at most 65,535 characters. */
export interface CheckOutput {
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
}

/** Either still open, or completed with a conclusion. */
export type CheckState =
  | { readonly status: 'queued' | 'in_progress' }
  | { readonly status: 'completed'; readonly conclusion: CheckConclusion };

/** A check run of this App on a commit. */
export interface OwnCheckRun {
  readonly id: number;
  readonly name: string;
  readonly externalId: string;
  /** Null while it is open. */
  readonly conclusion: string | null;
}

/** A check run of another App that failed. Its words are whoever's, and hostile. */
export interface FailedCheckRun {
  readonly id: number;
  readonly name: string;
  /** Is it a job of GitHub Actions? What such a one has to say is in its log. */
  readonly isJob: boolean;
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
}

/** What a check run of another App says of one place. Hostile: the path may be none. */
export interface ForeignAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

/** Most bytes that are read of a job's log: the end of it. */
export const maxJobLogBytes = 16 * 1024;

/** The last whole lines that a job of GitHub Actions printed, hostile; or why there are none. */
export type JobLog =
  | { readonly text: string }
  | { readonly unread: 'permission' | 'gone' | 'too-large' | 'storage' };

/** Check runs. `update` appends annotations; the adapter splits them by 50, GitHub's limit a request. */
export interface CheckRuns {
  create(
    repository: RepositoryRef,
    run: {
      readonly name: string;
      readonly headSha: CommitSha;
      readonly externalId: string;
      readonly state: CheckState;
      readonly output: CheckOutput;
      /** At most `maxAnnotationsPerRequest`. */
      readonly annotations?: readonly CheckAnnotation[];
    },
  ): Promise<number>;
  update(
    repository: RepositoryRef,
    checkRunId: number,
    change: {
      readonly state: CheckState;
      readonly output: CheckOutput;
      /** All annotations of the run, in a stable order; those already there (by count) are not sent again. */
      readonly annotations?: readonly CheckAnnotation[];
      readonly actions?: readonly CheckAction[];
    },
  ): Promise<void>;
  /** Changes what an open check run says and nothing else: one that has ended meanwhile stays ended. */
  tell(repository: RepositoryRef, checkRunId: number, output: CheckOutput): Promise<void>;
  /** This App's check run with that external id on that commit, if there is one. */
  find(
    repository: RepositoryRef,
    headSha: CommitSha,
    externalId: string,
  ): Promise<number | undefined>;
  /** This App's check runs on a commit, newest first. A name's newest is what GitHub holds a merge to. */
  list(repository: RepositoryRef, headSha: CommitSha): Promise<readonly OwnCheckRun[]>;
  /** The newest run of each name of other Apps that failed or timed out on a commit, among the first 1,000. */
  failed(repository: RepositoryRef, headSha: CommitSha): Promise<readonly FailedCheckRun[]>;
  /** The first 100 annotations of any check run of the repository. */
  annotations(repository: RepositoryRef, checkRunId: number): Promise<readonly ForeignAnnotation[]>;
  /** The end of the log of a check run that is a job. */
  jobLog(repository: RepositoryRef, checkRunId: number): Promise<JobLog>;
}
