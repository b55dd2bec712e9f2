import { type Handler, text } from '../call.ts';

const getMembership: Handler = (call) => {
  const org = text(call.path, 'org') ?? '';
  const slug = text(call.path, 'team_slug') ?? '';
  const login = text(call.path, 'username') ?? '';
  const members = call.world.teams.get(`${org}/${slug}`.toLowerCase());
  // Of this 404 the published description says that it has no body.
  if (!members?.has(login.toLowerCase())) return { status: 404 };
  const url = `${call.world.apiUrl}/orgs/${org}/teams/${slug}/memberships/${login}`;
  return { status: 200, body: { url, role: 'member', state: 'active' } };
};

/** Who is in a team. */
export const teamHandlers = {
  'teams/get-membership-for-user-in-org': getMembership,
} satisfies Record<string, Handler>;
