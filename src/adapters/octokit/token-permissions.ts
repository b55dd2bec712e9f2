/** Permissions of one installation token, by GitHub's names. */
export type TokenPermissions = Readonly<Record<string, 'read' | 'write'>>;

/**
 * What each use of the API needs, and the whole of what the App asks for: `app.yml` is tested against it.
 * `metadata: read` comes with every token; asking for it keeps the list complete.
 * https://docs.github.com/rest/authentication/permissions-required-for-github-apps
 */
export const tokenPermissions = {
  readContents: { contents: 'read', metadata: 'read' },
  writeContents: { contents: 'write', metadata: 'read' },
  writeChecks: { checks: 'write', metadata: 'read' },
  writeIssues: { issues: 'write', metadata: 'read' },
  readIssues: { issues: 'read', metadata: 'read' },
  readPullRequests: { pull_requests: 'read', metadata: 'read' },
  writePullRequests: { pull_requests: 'write', metadata: 'read' },
  /**
   * To resolve a thread and to open it again, nothing else: GitHub wants write access to contents for it, although it
   * writes none (github/gh-aw#35726).
   */
  resolveThreads: { contents: 'write', pull_requests: 'write', metadata: 'read' },
  /** A conversation belongs to an issue or to a pull request; each asks for its own permission. */
  writeConversations: { issues: 'write', pull_requests: 'write', metadata: 'read' },
  /** The log of a job that failed, which `fix check` tells the agent of. */
  readActions: { actions: 'read', metadata: 'read' },
  /** Who is in a team that a policy names. */
  readMembers: { members: 'read', metadata: 'read' },
  readMetadata: { metadata: 'read' },
} as const satisfies Readonly<Record<string, TokenPermissions>>;
