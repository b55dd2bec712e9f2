import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommitSha } from '../../src/domain/ids.ts';

/** One file of a commit. `content` of mode 160000 is the submodule's commit id. */
export interface TestFile {
  /** Bytes when it is no valid UTF-8. */
  readonly path: string | Buffer;
  readonly content: string | Buffer;
  readonly mode?: '100644' | '100755' | '120000' | '160000';
}

/** Parents and date of a test commit. */
export interface TestCommit {
  readonly parents?: readonly CommitSha[];
  readonly timeSeconds?: number;
}

/** A real repository in a temporary folder, with whatever content a hostile author can push. */
export interface TestRepository {
  /** Its top folder: with `.git`, or the bare repository itself. */
  readonly path: string;
  readonly gitDir: string;
  git(args: readonly string[], input?: string | Buffer): Promise<Buffer>;
  /** A commit with exactly these files. */
  commit(files: readonly TestFile[], commit?: TestCommit): Promise<CommitSha>;
  /** A commit of a tree object made of these bytes, however malformed. */
  commitRawTree(tree: Buffer, commit?: TestCommit): Promise<CommitSha>;
  /** A blob in the store. */
  blob(content: string | Buffer): Promise<string>;
  /** Digest over every name, type and content below the git folder. */
  fingerprint(): Promise<string>;
}

/** A temporary folder that is removed at the end of the scope that says `await using`. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-git-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** An empty repository at `path`. */
export async function createRepository(
  path: string,
  { bare = false } = {},
): Promise<TestRepository> {
  await mkdir(path, { recursive: true });
  const shape = bare ? ['--bare'] : [];
  await runGit(['init', '--quiet', '--initial-branch=main', '--template=', ...shape, path]);
  return openRepository(path, { bare });
}

/** An existing repository, for example a clone. */
export function openRepository(path: string, { bare = false } = {}): TestRepository {
  const gitDir = bare ? path : join(path, '.git');
  const git = (args: readonly string[], input?: string | Buffer): Promise<Buffer> =>
    runGit([`--git-dir=${gitDir}`, ...args], input);
  const commitTree = async (
    tree: string,
    { parents = [], timeSeconds = 1_700_000_000 }: TestCommit,
  ) => {
    const lines = [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author A <a@example.org> ${String(timeSeconds)} +0000`,
      `committer A <a@example.org> ${String(timeSeconds)} +0000`,
    ];
    const text = `${lines.join('\n')}\n\ntest\n`;
    return CommitSha.parse(await idOf(git(['hash-object', '-w', '-t', 'commit', '--stdin'], text)));
  };
  const repository: TestRepository = {
    path,
    gitDir,
    git,
    commit: async (files, commit = {}) => {
      await git(['fast-import', '--quiet', '--force'], importStream(files));
      return commitTree(await idOf(git(['rev-parse', 'refs/import/tree^{tree}'])), commit);
    },
    commitRawTree: async (tree, commit = {}) => {
      const write = ['hash-object', '-w', '--literally', '-t', 'tree', '--stdin'];
      return commitTree(await idOf(git(write, tree)), commit);
    },
    blob: (content) => idOf(git(['hash-object', '-w', '--stdin'], content)),
    fingerprint: () => fingerprintOf(gitDir),
  };
  return repository;
}

/** The bytes of a tree object: entries as they are, unsorted and unchecked. */
export function rawTree(
  entries: readonly { readonly mode: string; readonly name: string; readonly sha: string }[],
): Buffer {
  return Buffer.concat(
    entries.flatMap(({ mode, name, sha }) => [
      Buffer.from(`${mode} ${name}\0`),
      Buffer.from(sha, 'hex'),
    ]),
  );
}

/** Files of a repository of some size: `count` files of about `bytes` bytes, all different, in 100 folders. */
export function manyFiles(count: number, bytes: number): TestFile[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `src/d${String(index % 100)}/f${String(index)}.txt`,
    content: `file ${String(index)}\n`.padEnd(bytes, `line of file ${String(index)}\n`),
  }));
}

/** Runs git with an empty configuration. @throws Error with its standard error */
export function runGit(args: readonly string[], input: string | Buffer = ''): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...args], {
      env: {
        PATH: process.env['PATH'] ?? '/usr/bin:/bin',
        HOME: '/dev/null',
        LC_ALL: 'C',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@example.org',
      },
    });
    const [output, errors]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    // git may stop reading early; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output));
      else reject(new Error(`git ${args.join(' ')}: ${Buffer.concat(errors).toString('utf8')}`));
    });
    child.stdin.end(input);
  });
}

async function idOf(output: Promise<Buffer>): Promise<string> {
  return (await output).toString('latin1').trim();
}

function importStream(files: readonly TestFile[]): Buffer {
  const head = 'commit refs/import/tree\ncommitter A <a@example.org> 0 +0000\ndata 0\ndeleteall\n';
  return Buffer.concat([Buffer.from(head), ...files.flatMap(importLines)]);
}

function importLines({ path, content, mode = '100644' }: TestFile): Buffer[] {
  const bytes = Buffer.from(content as string);
  const name = quotedPath(Buffer.from(path as string));
  if (mode === '160000') return [Buffer.from(`M 160000 ${bytes.toString('latin1')} ${name}\n`)];
  const head = `M ${mode} inline ${name}\ndata ${String(bytes.length)}\n`;
  return [Buffer.from(head), bytes, Buffer.from('\n')];
}

/** C-style quoting of every byte that is not plain, as fast-import reads it. */
function quotedPath(path: Buffer): string {
  const quoted = Array.from(path, (byte) =>
    byte > 0x2a && byte < 0x7b && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `"${quoted.join('')}"`;
}

async function fingerprintOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => [join(entry.parentPath, entry.name), entry] as const);
  for (const [path, entry] of paths.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${path}\0`);
    if (entry.isFile()) hash.update(await readFile(path));
    if (entry.isSymbolicLink()) hash.update(await readlink(path));
  }
  return hash.digest('hex');
}
