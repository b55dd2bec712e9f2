import type { OperationId } from './operations.ts';

/** What the caller must be: the App itself (JWT), or an installation token with one of these permissions. */
export type Requirement =
  | { readonly by: 'app' }
  | { readonly by: 'token'; readonly anyOf: readonly `${string}:${'read' | 'write'}`[] };

const app: Requirement = { by: 'app' };
const token = (...anyOf: `${string}:${'read' | 'write'}`[]): Requirement => ({
  by: 'token',
  anyOf,
});

/** docs.github.com "Permissions required for GitHub Apps". Conversation comments take either permission. */
export const REQUIREMENTS: Readonly<Record<OperationId, Requirement>> = {
  'actions/download-job-logs-for-workflow-run': token('actions:read'),
  'apps/create-installation-access-token': app,
  'apps/get-authenticated': app,
  'apps/get-installation': app,
  'apps/get-repo-installation': app,
  'apps/get-webhook-delivery': app,
  'apps/list-installations': app,
  'apps/list-repos-accessible-to-installation': token('metadata:read'),
  'apps/list-webhook-deliveries': app,
  'apps/redeliver-webhook-delivery': app,
  'checks/create': token('checks:write'),
  'checks/create-suite': token('checks:write'),
  'checks/get': token('checks:read'),
  'checks/get-suite': token('checks:read'),
  'checks/list-annotations': token('checks:read'),
  'checks/list-for-ref': token('checks:read'),
  'checks/list-for-suite': token('checks:read'),
  'checks/list-suites-for-ref': token('checks:read'),
  'checks/update': token('checks:write'),
  'git/create-ref': token('contents:write'),
  'git/get-blob': token('contents:read'),
  'git/get-commit': token('contents:read'),
  'git/get-ref': token('contents:read'),
  'git/get-tree': token('contents:read'),
  'issues/add-labels': token('issues:write', 'pull_requests:write'),
  'issues/create-comment': token('issues:write', 'pull_requests:write'),
  'issues/delete-comment': token('issues:write', 'pull_requests:write'),
  'issues/get': token('issues:read', 'pull_requests:read'),
  'issues/get-comment': token('issues:read', 'pull_requests:read'),
  'issues/get-label': token('issues:read', 'pull_requests:read'),
  'issues/list-comments': token('issues:read', 'pull_requests:read'),
  'issues/update-comment': token('issues:write', 'pull_requests:write'),
  'pulls/create': token('pull_requests:write'),
  'pulls/create-reply-for-review-comment': token('pull_requests:write'),
  'pulls/create-review': token('pull_requests:write'),
  'pulls/create-review-comment': token('pull_requests:write'),
  'pulls/delete-review-comment': token('pull_requests:write'),
  'pulls/get': token('pull_requests:read'),
  'pulls/get-review': token('pull_requests:read'),
  'pulls/get-review-comment': token('pull_requests:read'),
  'pulls/list': token('pull_requests:read'),
  'pulls/list-comments-for-review': token('pull_requests:read'),
  'pulls/list-commits': token('pull_requests:read'),
  'pulls/list-files': token('pull_requests:read'),
  'pulls/list-review-comments': token('pull_requests:read'),
  'pulls/list-reviews': token('pull_requests:read'),
  'pulls/update-review': token('pull_requests:write'),
  'pulls/update-review-comment': token('pull_requests:write'),
  'rate-limit/get': token('metadata:read'),
  'reactions/create-for-issue-comment': token('issues:write', 'pull_requests:write'),
  'reactions/create-for-pull-request-review-comment': token('pull_requests:write'),
  'reactions/list-for-issue-comment': token('issues:read', 'pull_requests:read'),
  'reactions/list-for-pull-request-review-comment': token('pull_requests:read'),
  'repos/compare-commits-with-basehead': token('contents:read'),
  'repos/get': token('metadata:read'),
  'repos/get-branch': token('contents:read'),
  'repos/get-collaborator-permission-level': token('metadata:read'),
  'repos/get-commit': token('contents:read'),
  'repos/get-content': token('contents:read'),
  'teams/get-membership-for-user-in-org': token('members:read'),
  'users/get-by-username': token('metadata:read'),
};

/** True when the granted permissions contain the wanted one; write contains read, admin contains both. */
export function grants(granted: Readonly<Record<string, string>>, wanted: string): boolean {
  const [name = '', level = ''] = wanted.split(':');
  const held = granted[name];
  const ranks = ['read', 'write', 'admin'];
  return held !== undefined && ranks.indexOf(held) >= ranks.indexOf(level);
}
