/** What a report says of gate 2, the one that lets a patch reach GitHub. */
export interface GateView {
  readonly status: 'none' | 'waiting' | 'applied' | 'rejected' | 'refused';
  /** Why, one sentence each; may quote paths from a sandbox, so they are rendered as hostile text. */
  readonly reasons: readonly string[];
  /** Who may decide, one sentence of Sallyport's own Markdown. */
  readonly mayApprove: string;
  /** The commit, once the patch has been applied. */
  readonly commitSha?: string;
}
