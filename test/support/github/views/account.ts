import type { JsonObject } from '../json.ts';
import type { Installation, User } from '../records.ts';
import type { World } from '../world.ts';

/** A GraphQL-style id that names the kind and the number. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}

/** The number in an id of that kind; undefined for any other text. */
export function numberInNodeId(kind: string, text: string): number | undefined {
  const id = Number(Buffer.from(text.slice(kind.length + 1), 'base64url').toString());
  return text === nodeId(kind, id) ? id : undefined;
}

/** `simple-user`. */
export function viewUser(world: World, user: User): JsonObject {
  const api = `${world.apiUrl}/users/${encodeURIComponent(user.login)}`;
  const html = `${world.url}/${user.type === 'Bot' ? `apps/${world.app.slug}` : user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: `${world.url}/avatars/${user.id}`,
    gravatar_id: '',
    url: api,
    html_url: html,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: user.type,
    site_admin: false,
    user_view_type: 'public',
  };
}

/** `public-user`. */
export function viewPublicUser(world: World, user: User): JsonObject {
  const unknown = {
    name: null,
    company: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
  };
  const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0 };
  const created = '2020-01-01T00:00:00Z';
  return {
    ...viewUser(world, user),
    ...unknown,
    ...counts,
    blog: '',
    created_at: created,
    updated_at: created,
  };
}

/** `integration`: the App. */
export function viewApp(world: World): JsonObject {
  const { app } = world;
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: nodeId('A', app.id),
    owner: viewUser(world, world.addUser(`${app.slug}-owner`, 'Organization')),
    name: app.slug,
    description: '',
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    permissions: { ...app.permissions },
    events: [...app.events],
  };
}

/** GitHub's own App for Actions on github.com. */
export const ACTIONS_APP_ID = 15_368;

/** The App of a suite: ours in full, or a bare stranger with that id. */
export function viewAppById(world: World, appId: number): JsonObject {
  const app = viewApp(world);
  return appId === world.app.id
    ? app
    : {
        ...app,
        id: appId,
        slug: appId === ACTIONS_APP_ID ? 'github-actions' : `other-app-${appId}`,
        node_id: nodeId('A', appId),
        name: 'Other App',
      };
}

/** `installation`. */
export function viewInstallation(world: World, installation: Installation): JsonObject {
  const api = `${world.apiUrl}/app/installations/${installation.id}`;
  return {
    id: installation.id,
    client_id: world.app.clientId,
    account: viewUser(world, installation.account),
    repository_selection: 'selected',
    access_tokens_url: `${api}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.url}/settings/installations/${installation.id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: installation.account.id,
    target_type: installation.account.type,
    permissions: { ...installation.permissions },
    events: [...world.app.events],
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.isSuspended ? viewUser(world, installation.account) : null,
    suspended_at: installation.isSuspended ? world.now() : null,
  };
}

/** The short form that every webhook of an installed repository carries. */
export function viewSimpleInstallation(installation: Installation): JsonObject {
  return { id: installation.id, node_id: nodeId('I', installation.id) };
}
