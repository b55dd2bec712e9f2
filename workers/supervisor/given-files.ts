/** What the workspace held before the agent: repository path → regular file or symlink. */
export type GivenFiles = ReadonlyMap<string, GivenFile>;

/** One file as it was given. */
export type GivenFile =
  | {
      readonly kind: 'file';
      readonly bytes: number;
      readonly sha256: string;
      readonly executable: boolean;
    }
  | { readonly kind: 'symlink'; readonly target: string };
