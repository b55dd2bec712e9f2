import { git } from './git.ts';
import { isoSeconds } from './world.ts';

/** Name, mail and time of an author or committer. */
export interface Stamp {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, UTC. */
  readonly date: string;
}

/** A commit as git has it. */
export interface CommitRecord {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Stamp;
  readonly committer: Stamp;
  readonly message: string;
}

const FIELDS = ['%H', '%T', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%B'];

/** The commits of a revision range, oldest first; at most `limit`. @throws GitFailure */
export async function listCommits(
  gitDir: string,
  range: readonly string[],
  limit = 250,
): Promise<CommitRecord[]> {
  const format = `--format=${FIELDS.join('%x00')}%x00%x01`;
  const output = await git(gitDir, [
    'log',
    '--reverse',
    '--topo-order',
    '--no-show-signature',
    format,
    ...range,
    '--',
  ]);
  return output
    .split('\u0001')
    .filter((text) => text.trim() !== '')
    .map(parse)
    .slice(0, limit);
}

/** One commit by its full SHA. @throws GitFailure */
export async function readCommit(gitDir: string, sha: string): Promise<CommitRecord> {
  const [commit] = await listCommits(gitDir, ['--no-walk', sha]);
  if (!commit) throw new Error(`no commit ${sha}`);
  return commit;
}

function parse(text: string): CommitRecord {
  const [
    sha = '',
    tree = '',
    parents = '',
    an = '',
    ae = '',
    at = '',
    cn = '',
    ce = '',
    ct = '',
    message = '',
  ] = text.replace(/^\n/, '').split('\0');
  return {
    sha,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: { name: an, email: ae, date: isoSeconds(Number(at) * 1000) },
    committer: { name: cn, email: ce, date: isoSeconds(Number(ct) * 1000) },
    message: message.trimEnd(),
  };
}
