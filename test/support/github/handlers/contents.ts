import { type Handler, repositoryOf, text } from '../call.ts';
import { gitBytes } from '../git.ts';
import { listTree, type TreeEntry, wrapBase64 } from '../git-objects.ts';
import { resolveCommit } from '../git-repository.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Repository } from '../records.ts';
import { notFound, Refusal } from '../refusal.ts';
import { repositoryUrl } from '../views/repository.ts';
import { fullName, type World } from '../world.ts';

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

/** Files and folders as `repos/get-content` gives them. */
export const contentHandlers = { 'repos/get-content': getContent } satisfies Record<
  string,
  Handler
>;
