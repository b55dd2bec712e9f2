import { Permission } from '../../domain/repository.ts';
import { SallyportError } from '../../errors.ts';
import { parseArguments } from './parse-arguments.ts';
import { type RepositoryOptions, repositoryArguments } from './repository-options.ts';

/** What `sallyport policy simulate` was asked for. */
export interface SimulateOptions extends RepositoryOptions {
  readonly event: string;
  readonly name: string | undefined;
  /** Epoch ms; undefined: now. */
  readonly atMs: number | undefined;
  /** Changed files; null: not known. */
  readonly paths: readonly string[] | null;
  /** Permissions by login, lower case; of others nothing is known. */
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly json: boolean;
}

/** Reads the arguments. @throws SallyportError `usage.invalid` */
export function readSimulateOptions(args: readonly string[]): SimulateOptions {
  const { values, positionals } = parseArguments(args, {
    ...repositoryArguments,
    event: { type: 'string' },
    name: { type: 'string' },
    at: { type: 'string' },
    path: { type: 'string', multiple: true },
    permission: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  });
  const { event, name, at, path, permission, json, ...layers } = values;
  if (event === undefined || positionals.length > 0) {
    throw new SallyportError('usage.invalid', 'sallyport policy simulate takes --event FILE');
  }
  const { repo, repository, ref, operator, organisation } = layers;
  return {
    repo,
    repository,
    ref,
    operator,
    organisation,
    event,
    name,
    json,
    atMs: at === undefined ? undefined : instantOf(at),
    paths: path ?? null,
    permissions: new Map(permission.map(permissionOf)),
  };
}

function instantOf(text: string): number {
  const atMs = Date.parse(text);
  if (Number.isFinite(atMs)) return atMs;
  throw new SallyportError('usage.invalid', '--at is a time as 2026-03-04T22:00:00Z');
}

function permissionOf(text: string): readonly [login: string, permission: Permission] {
  const [login = '', name] = text.split('=');
  const permission = Permission.safeParse(name);
  if (login !== '' && permission.success) return [login.toLowerCase(), permission.data];
  const message = `--permission is LOGIN=NAME, and the name one of ${Permission.options.join(', ')}`;
  throw new SallyportError('usage.invalid', message);
}
