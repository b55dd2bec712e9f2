import { randomBytes, verify } from 'node:crypto';
import { grants, type Requirement } from './permissions.ts';
import type { Installation, InstallationToken, Repository } from './records.ts';
import { badCredentials, notAccessible, notFound, Refusal } from './refusal.ts';
import type { World } from './world.ts';

/** An installation token lives one hour. */
const TOKEN_LIFE_MS = 3_600_000;
/** GitHub refuses a JWT that lives longer than ten minutes, and one issued in the future; drift of a minute is allowed. */
const JWT_LIFE_S = 600;
const JWT_DRIFT_S = 60;

/** Who is calling. */
export type Caller =
  | { readonly kind: 'app' }
  | { readonly kind: 'installation'; readonly token: InstallationToken };

/** Identifies the caller from an `Authorization` header. @throws Refusal 401 */
export function identify(world: World, authorization: string | undefined): Caller {
  const [scheme = '', credential = ''] = (authorization ?? '').split(' ');
  if (!/^(bearer|token)$/i.test(scheme)) throw badCredentials('Requires authentication');
  if (credential.startsWith('ghs_'))
    return { kind: 'installation', token: tokenFor(world, credential) };
  verifyAppJwt(world, credential);
  return { kind: 'app' };
}

/** The live installation token with this text. @throws Refusal 401 for unknown and expired ones */
export function tokenFor(world: World, text: string): InstallationToken {
  const token = world.tokens.get(text);
  if (!token || token.expiresAtMs <= world.nowMs()) throw badCredentials();
  return token;
}

/** Checks an App JWT: RS256 with the App's key, issuer, and lifetime by the real clock, which its signer uses. */
function verifyAppJwt(world: World, jwt: string): void {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const alg = decode(header)['alg'];
  const signed = Buffer.from(`${header}.${payload}`);
  if (
    alg !== 'RS256' ||
    !verify('sha256', signed, world.app.publicKey, Buffer.from(signature, 'base64url'))
  ) {
    throw badCredentials('A JSON web token could not be decoded');
  }
  const { iss, iat, exp } = decode(payload);
  const nowS = Math.floor(Date.now() / 1000);
  if (![String(world.app.id), world.app.clientId].includes(String(iss)))
    throw badCredentials('Integration not found');
  if (typeof exp !== 'number' || exp <= nowS)
    throw badCredentials(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > nowS + JWT_LIFE_S)
    throw badCredentials("'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== 'number' || iat > nowS + JWT_DRIFT_S)
    throw badCredentials(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
}

function decode(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    throw badCredentials('A JSON web token could not be decoded');
  }
}

/** What a token request may narrow. */
export interface TokenRequest {
  readonly repositories?: readonly string[];
  readonly repository_ids?: readonly number[];
  readonly permissions?: Readonly<Record<string, string>>;
}

/** Mints a token, narrowed as asked. @throws Refusal 422 for a repository or permission outside the installation */
export function mintToken(
  world: World,
  installation: Installation,
  request: TokenRequest,
): InstallationToken {
  if (installation.isSuspended) throw suspended();
  const repositoryIds = narrowedRepositories(installation, request);
  const permissions = request.permissions ?? installation.permissions;
  for (const [name, level] of Object.entries(permissions)) {
    if (!grants(installation.permissions, `${name}:${level}`)) {
      throw new Refusal(422, {
        message: 'The permissions requested are not granted to this installation.',
      });
    }
  }
  const token: InstallationToken = {
    token: newTokenText(world),
    installation,
    repositoryIds,
    // Every App may read metadata; GitHub adds it to each token.
    permissions: { ...permissions, metadata: 'read' },
    expiresAtMs: world.nowMs() + TOKEN_LIFE_MS,
  };
  world.tokens.set(token.token, token);
  return token;
}

function narrowedRepositories(
  installation: Installation,
  request: TokenRequest,
): Set<number> | undefined {
  if (!request.repositories && !request.repository_ids) return undefined;
  const all = [...installation.repositories];
  const byName = (request.repositories ?? []).map(
    (name) => all.find((repo) => repo.name === name)?.id,
  );
  const byId = (request.repository_ids ?? []).map((id) => all.find((repo) => repo.id === id)?.id);
  const ids = [...byName, ...byId];
  if (ids.length === 0 || ids.includes(undefined)) {
    const message =
      'There is at least one repository that does not exist or is not accessible to the parent installation.';
    throw new Refusal(422, { message });
  }
  return new Set(ids.filter((id) => id !== undefined));
}

/** Since 2026-04-27 `ghs_APPID_JWT`: long, with dots, never 40 characters. A log filter must know this shape. */
function newTokenText({ app, ghes }: World): string {
  // GHES still has the short form.
  if (ghes !== undefined) return `ghs_${randomPart(64).replace(/[-_]/g, '').slice(0, 36)}`;
  return `ghs_${app.id}_${randomPart(27)}.${randomPart(120)}.${randomPart(64)}`;
}

function randomPart(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

function suspended(): Refusal {
  return new Refusal(403, { message: 'This installation has been suspended' });
}

/** The repositories a token reaches. */
export function reachable(token: InstallationToken): Repository[] {
  const all = [...token.installation.repositories];
  return token.repositoryIds ? all.filter((repo) => token.repositoryIds?.has(repo.id)) : all;
}

/** Lets a caller into an operation, or refuses as GitHub does. @throws Refusal 401, 403, 404 */
export function authorize(
  caller: Caller,
  requirement: Requirement,
  repo: Repository | undefined,
): void {
  if (requirement.by === 'app') {
    if (caller.kind !== 'app') throw badCredentials('A JSON web token could not be decoded');
    return;
  }
  if (caller.kind !== 'installation') throw notAccessible();
  const { token } = caller;
  if (token.installation.isSuspended) throw suspended();
  if (repo && !reachable(token).includes(repo)) throw notFound();
  if (!requirement.anyOf.some((wanted) => grants(token.permissions, wanted))) throw notAccessible();
}
