import type { ErrorCode } from '../../errors.ts';
import { SallyportError } from '../../errors.ts';
import type { GitEnd } from './git-process.ts';

/**
 * What git's standard error can say, as far as we pass it on. git has one exit code (128) for all
 * of it, so this is the one place that reads its text (LC_ALL=C). The text itself is never
 * repeated: a server writes part of it and could echo the token. A pattern captures nothing but
 * a message id and an object id.
 */
const reasons: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /not our ref|couldn't find remote ref|no such remote ref/,
    'git.missing-commit',
    'the repository does not have the commit',
  ],
  [
    /(?:error|warning): object ([0-9a-f]{40}): ([A-Za-z]+): /,
    'git.failed',
    'the repository holds a malformed object',
  ],
  [
    /error in (?:tree|commit|blob|tag) ([0-9a-f]{40}): ([A-Za-z]+): /,
    'git.failed',
    'the repository holds a malformed object',
  ],
  [
    /fsck error|invalid index-pack output|missing blob object|did not send all necessary objects/,
    'git.failed',
    'the objects sent are malformed or incomplete',
  ],
  [
    /repository corruption on the remote side|bad pack header/,
    'git.failed',
    'the source could not send its objects: they are malformed or damaged',
  ],
  // `git -C`, so the folder is the operator's own; a damaged mirror (`--git-dir`) reads otherwise.
  [
    /not a git repository \(or any|cannot change to '/,
    'git.no-repository',
    'the folder is not the top of a git repository',
  ],
  [/dubious ownership/, 'git.failed', 'the repository belongs to another user of this machine'],
  [
    /unable to update url base from redirection|requested URL returned error: 3\d\d/,
    'git.failed',
    'the server answered with a redirect, which is not followed',
  ],
  [
    /Authentication failed|could not read Username|terminal prompts disabled|returned error: 40[13]/,
    'git.failed',
    'the server refused access',
  ],
  [
    /repository .* not found|returned error: 404|does not appear to be a git repository|not a git repository/,
    'git.failed',
    'there is no repository at that place',
  ],
  [
    /Could not resolve host|Failed to connect|Connection (?:refused|reset|timed out)|Operation too slow/,
    'git.failed',
    'the server could not be reached',
  ],
  [/transport '[a-z]+' not allowed/, 'git.failed', 'the transport is not allowed'],
  [/No space left on device/, 'git.failed', 'the disk is full'],
];

/** The error for a git process that ended badly, in our own words. */
export function gitFailure(command: string, end: GitEnd): SallyportError {
  for (const [pattern, code, reason] of reasons) {
    const match = pattern.exec(end.stderr);
    if (match === null) continue;
    const [, object, message] = match;
    const detail = object === undefined ? '' : ` (${message ?? 'unknown'} in ${object})`;
    return new SallyportError(code, `git ${command}: ${reason}${detail}`);
  }
  const ending =
    end.exitCode === null ? 'was killed' : `ended with exit code ${String(end.exitCode)}`;
  return new SallyportError('git.failed', `git ${command} ${ending}`);
}
