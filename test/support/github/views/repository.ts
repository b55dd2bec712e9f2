import type { Json, JsonObject } from '../json.ts';
import type { Repository } from '../records.ts';
import { fullName, type World } from '../world.ts';
import { nodeId, viewUser } from './account.ts';

const TEMPLATES: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

/** The API address of a repository. */
export function repositoryUrl(world: World, repo: Repository): string {
  return `${world.apiUrl}/repos/${fullName(repo)}`;
}

/** `full-repository`, which is also `repository`, `minimal-repository` and the repository of webhooks. */
export function viewRepository(world: World, repo: Repository): JsonObject {
  const url = repositoryUrl(world, repo);
  const html = `${world.url}/${fullName(repo)}`;
  const urls = Object.entries(TEMPLATES).map(([name, tail]): [string, Json] => [
    name,
    `${url}${tail}`,
  ]);
  return {
    id: repo.id,
    node_id: nodeId('R', repo.id),
    name: repo.name,
    full_name: fullName(repo),
    private: repo.isPrivate,
    visibility: repo.isPrivate ? 'private' : 'public',
    owner: viewUser(world, repo.owner),
    html_url: html,
    description: null,
    fork: repo.forkOf !== undefined,
    url,
    ...Object.fromEntries(urls),
    clone_url: `${html}.git`,
    git_url: `git://${new URL(html).host}/${fullName(repo)}.git`,
    ssh_url: `git@${new URL(html).hostname}:${fullName(repo)}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repo.defaultBranch,
    ...REPOSITORY_CONSTANTS,
    created_at: repo.createdAt,
    updated_at: repo.createdAt,
    pushed_at: repo.createdAt,
  };
}

const REPOSITORY_CONSTANTS: JsonObject = {
  forks: 0,
  forks_count: 0,
  stargazers_count: 0,
  watchers: 0,
  watchers_count: 0,
  network_count: 0,
  subscribers_count: 0,
  open_issues: 0,
  open_issues_count: 0,
  size: 1,
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_downloads: false,
  has_discussions: false,
  archived: false,
  disabled: false,
  allow_forking: true,
  is_template: false,
  web_commit_signoff_required: false,
  topics: [],
};
