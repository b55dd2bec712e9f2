import type { RepositoryRef } from '../domain/repository.ts';

/** A conversation: that of an issue or pull request, or the thread that a review comment started. */
export interface Place {
  readonly number: number;
  /** Id of the thread's first comment; null for the conversation itself. */
  readonly threadId: number | null;
}

/** One comment there. GitHub counts the ids of both kinds on their own. */
export interface CommentRef {
  readonly commentId: number;
  readonly isInThread: boolean;
}

/** A comment as it stands now. */
export interface Comment {
  readonly body: string;
  /** ISO 8601, by the second; an edit moves it, a reaction does not. */
  readonly updatedAt: string;
  /** Did this App write it? By its account's id, not by its login. */
  readonly isOwn: boolean;
  /** As in a `SaidComment`. */
  readonly isMember: boolean;
  /** Of a review comment: what it is on. Absent where GitHub does not say, and in conversations. */
  readonly path?: string;
  readonly line?: number;
}

/** What somebody wrote. Login and words are theirs, and hostile. */
export interface SaidComment {
  readonly commentId: number;
  readonly login: string;
  /** Owner or collaborator of the repository, or member of its organisation, by GitHub's word; anybody else is not. */
  readonly isMember: boolean;
  /** Did this App write it? */
  readonly isOwn: boolean;
  readonly body: string;
  /** ISO 8601, by the second; an edit moves it. */
  readonly updatedAt: string;
}

/** Comments and reactions in conversations and review threads. */
export interface Conversations {
  comment(repository: RepositoryRef, place: Place, body: string): Promise<number>;
  /** This App's comment there whose body ends with `marker`. */
  findComment(repository: RepositoryRef, place: Place, marker: string): Promise<number | undefined>;
  /** Undefined when it was deleted, or never was. */
  read(repository: RepositoryRef, comment: CommentRef): Promise<Comment | undefined>;
  /**
   * The comments of a review thread but the first, in their order. Of a pull request with more than 1,000 review comments
   * those among the newest 1,000.
   */
  replies(
    repository: RepositoryRef,
    place: { readonly number: number; readonly threadId: number },
  ): Promise<readonly SaidComment[]>;
  /** The newest comments of an issue, oldest first: of those on its last three pages of 100 those that nobody hid. */
  newest(repository: RepositoryRef, number: number): Promise<readonly SaidComment[]>;
  /** Writes a comment anew. To be asked only for an own one: GitHub lets an App edit those of others. */
  update(repository: RepositoryRef, comment: CommentRef, body: string): Promise<void>;
  /** Idempotent: GitHub keeps one reaction of a kind a user. */
  react(
    repository: RepositoryRef,
    comment: CommentRef,
    content: '+1' | '-1' | 'eyes' | 'rocket' | 'confused',
  ): Promise<void>;
}
