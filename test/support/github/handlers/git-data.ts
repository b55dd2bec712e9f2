import { type Call, type Handler, repositoryOf, text } from '../call.ts';
import { readCommit } from '../commits.ts';
import { gitBytes } from '../git.ts';
import { listTree, objectOf, wrapBase64 } from '../git-objects.ts';
import { moveRef, resolveCommit } from '../git-repository.ts';
import type { JsonObject } from '../json.ts';
import type { Repository } from '../records.ts';
import { notFound, Refusal, validationFailed } from '../refusal.ts';
import { nodeId } from '../views/account.ts';
import { viewVerification } from '../views/commit.ts';
import { repositoryUrl } from '../views/repository.ts';
import { fullName } from '../world.ts';

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

/** Refs, trees, blobs and commits, straight from the bare repository. */
export const gitDataHandlers = {
  'git/get-ref': getRef,
  'git/create-ref': createRef,
  'git/get-tree': getTree,
  'git/get-blob': getBlob,
  'git/get-commit': getGitCommit,
} satisfies Record<string, Handler>;
