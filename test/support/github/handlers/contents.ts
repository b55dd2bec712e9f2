import { type Call, type Handler, repositoryOf, text } from '../call.ts';
import { readCommit } from '../commits.ts';
import { git, gitBytes } from '../git.ts';
import { moveRef, resolveCommit } from '../git-repository.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Repository } from '../records.ts';
import { notFound, Refusal, validationFailed } from '../refusal.ts';
import { nodeId, repositoryUrl } from '../views/account.ts';
import { viewVerification } from '../views/commit.ts';
import { fullName, type World } from '../world.ts';

interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

async function listTree(
  repo: Repository,
  treeish: string,
  ...options: string[]
): Promise<TreeEntry[]> {
  const output = await git(repo.gitDir, [
    'ls-tree',
    '-z',
    '--long',
    '--full-tree',
    ...options,
    treeish,
  ]);
  return output
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
      return { mode, type, sha, size: size === '-' ? 0 : Number(size), path: line.slice(tab + 1) };
    });
}

/** The object a name means, if it is of that type. @throws Refusal 404 */
async function objectOf(repo: Repository, name: string, type: 'blob' | 'tree'): Promise<string> {
  if (name.startsWith('-')) throw notFound();
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${name}^{${type}}`];
  const sha = (await git(repo.gitDir, args, { okCodes: [0, 1, 128] })).trim();
  if (sha === '') throw notFound();
  return sha;
}

/** Contents over 1 MB come without their text (`encoding` is then `none`), as documented. */
const MAX_INLINE_BYTES = 1024 * 1024;

const getContent: Handler = async (call) => {
  const repo = repositoryOf(call);
  const ref = text(call.query, 'ref') ?? repo.defaultBranch;
  const path = (text(call.path, 'path') ?? '').replace(/^\/+|\/+$/g, '');
  const commit = await resolveCommit(repo.gitDir, ref);
  if (commit === undefined)
    throw new Refusal(404, { message: `No commit found for the ref ${ref}` });
  const place = { repo, ref, path };
  if (path === '') return { status: 200, body: await viewDirectory(call.world, place, commit) };
  const [entry] = (await listTree(repo, commit, '-t', '-r')).filter((one) => one.path === path);
  if (!entry) throw notFound();
  if (entry.type === 'tree')
    return { status: 200, body: await viewDirectory(call.world, place, entry.sha) };
  return { status: 200, body: await viewContentFile(call.world, place, entry) };
};

interface Place {
  readonly repo: Repository;
  readonly ref: string;
  readonly path: string;
}

async function viewDirectory(world: World, place: Place, tree: string): Promise<Json> {
  const entries = await listTree(place.repo, tree);
  return entries.map((entry) => {
    const path = place.path === '' ? entry.path : `${place.path}/${entry.path}`;
    return viewEntry(world, { ...place, path }, entry);
  });
}

function viewEntry(world: World, { repo, ref, path }: Place, entry: TreeEntry): JsonObject {
  const self = `${repositoryUrl(world, repo)}/contents/${encodePath(path)}?ref=${encodeURIComponent(ref)}`;
  const html = `${world.url}/${fullName(repo)}/blob/${encodeURIComponent(ref)}/${encodePath(path)}`;
  const gitUrl = `${repositoryUrl(world, repo)}/git/${entry.type}s/${entry.sha}`;
  return {
    type: entry.type === 'tree' ? 'dir' : 'file',
    size: entry.size,
    name: path.split('/').at(-1) ?? '',
    path,
    sha: entry.sha,
    url: self,
    git_url: gitUrl,
    html_url: html,
    download_url: entry.type === 'tree' ? null : html,
    _links: { self, git: gitUrl, html },
  };
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

async function viewContentFile(world: World, place: Place, entry: TreeEntry): Promise<Json> {
  const view = viewEntry(world, place, entry);
  const bytes = await gitBytes(place.repo.gitDir, ['cat-file', 'blob', entry.sha]);
  if (entry.mode === '120000') return { ...view, type: 'symlink', target: bytes.toString('utf8') };
  if (bytes.length > MAX_INLINE_BYTES) return { ...view, content: '', encoding: 'none' };
  return { ...view, content: wrapBase64(bytes), encoding: 'base64' };
}

/** GitHub breaks its base64 every 60 characters. */
function wrapBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{1,60}/g, '$&\n');
}

function viewRef(
  call: Call,
  repo: Repository,
  { ref, sha }: { ref: string; sha: string },
): JsonObject {
  const object = {
    type: 'commit',
    sha,
    url: `${repositoryUrl(call.world, repo)}/git/commits/${sha}`,
  };
  return {
    ref,
    node_id: nodeId('REF', repo.id),
    url: `${repositoryUrl(call.world, repo)}/git/${ref}`,
    object,
  };
}

const getRef: Handler = async (call) => {
  const repo = repositoryOf(call);
  const ref = `refs/${text(call.path, 'ref') ?? ''}`;
  const sha = await resolveCommit(repo.gitDir, ref);
  if (sha === undefined) throw notFound();
  return { status: 200, body: viewRef(call, repo, { ref, sha }) };
};

const createRef: Handler = async (call) => {
  const repo = repositoryOf(call);
  const [ref = '', sha = ''] = [text(call.body, 'ref'), text(call.body, 'sha')];
  const valid = /^refs\/(heads|tags)\/\S+$/.test(ref) && !/\.\.|[~^:?*[\\]|\/$|\.lock$/.test(ref);
  if (!valid)
    throw new Refusal(422, { message: 'Reference name must start with refs/ and be well formed' });
  if ((await resolveCommit(repo.gitDir, sha)) !== sha)
    throw validationFailed('Reference', 'sha', 'Object does not exist');
  if (!(await moveRef(repo.gitDir, ref, { to: sha, expected: undefined })))
    throw new Refusal(422, { message: 'Reference already exists' });
  return { status: 201, body: viewRef(call, repo, { ref, sha }) };
};

const getTree: Handler = async (call) => {
  const repo = repositoryOf(call);
  const sha = await objectOf(repo, text(call.path, 'tree_sha') ?? '', 'tree');
  // "Any value, including 0 or false, turns it on."
  const recursive = call.query['recursive'] === undefined ? [] : ['-r', '-t'];
  const url = `${repositoryUrl(call.world, repo)}/git`;
  const tree = (await listTree(repo, sha, ...recursive)).map(({ size, ...entry }) => ({
    ...entry,
    ...(entry.type === 'blob' ? { size } : {}),
    url: `${url}/${entry.type}s/${entry.sha}`,
  }));
  return { status: 200, body: { sha, url: `${url}/trees/${sha}`, tree, truncated: false } };
};

const getBlob: Handler = async (call) => {
  const repo = repositoryOf(call);
  const sha = await objectOf(repo, text(call.path, 'file_sha') ?? '', 'blob');
  const bytes = await gitBytes(repo.gitDir, ['cat-file', 'blob', sha]);
  const url = `${repositoryUrl(call.world, repo)}/git/blobs/${sha}`;
  return {
    status: 200,
    body: {
      sha,
      node_id: nodeId('B', repo.id),
      size: bytes.length,
      url,
      content: wrapBase64(bytes),
      encoding: 'base64',
    },
  };
};

const getGitCommit: Handler = async (call) => {
  const repo = repositoryOf(call);
  const wanted = text(call.path, 'commit_sha') ?? '';
  const sha = await resolveCommit(repo.gitDir, wanted);
  if (sha === undefined || sha !== wanted) throw notFound();
  const commit = await readCommit(repo.gitDir, sha);
  const url = `${repositoryUrl(call.world, repo)}/git`;
  const html = (one: string): string => `${call.world.url}/${fullName(repo)}/commit/${one}`;
  return {
    status: 200,
    body: {
      sha,
      node_id: nodeId('C', repo.id),
      url: `${url}/commits/${sha}`,
      html_url: html(sha),
      author: { ...commit.author },
      committer: { ...commit.committer },
      tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
      message: commit.message,
      parents: commit.parents.map((parent) => ({
        sha: parent,
        url: `${url}/commits/${parent}`,
        html_url: html(parent),
      })),
      verification: viewVerification(call.world, sha),
    },
  };
};

/** Files, refs, trees, blobs and commits, straight from the bare repository. */
export const contentHandlers = {
  'repos/get-content': getContent,
  'git/get-ref': getRef,
  'git/create-ref': createRef,
  'git/get-tree': getTree,
  'git/get-blob': getBlob,
  'git/get-commit': getGitCommit,
} satisfies Record<string, Handler>;
