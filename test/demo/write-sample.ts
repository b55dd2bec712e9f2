import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BranchSource } from '../support/github/branch-source.ts';
import { gitEnvironment } from '../support/github/git.ts';
import { sampleBase, sampleHead } from './sample-repository.ts';

const run = promisify(execFile);

/** Where the sample was written. */
export interface WrittenSample {
  /** A git repository: `main` is checked out, `feature` is the pull request. */
  readonly repository: string;
  /** The event of that pull request being opened, for `sallyport policy simulate --event`. */
  readonly event: string;
}

/**
 * Writes the demo's sample repository into a new folder, with `policyFile` as its own layer of the policy on
 * `main`, and the event of its pull request. @throws Error when the folder is there already
 */
export async function writeSample(
  folder: string,
  policyFile: string | null,
): Promise<WrittenSample> {
  await mkdir(folder);
  const repository = join(folder, 'parcel-tracker');
  const git = (...args: readonly string[]) =>
    run('git', ['-C', repository, ...args], { env: gitEnvironment(author) });
  await mkdir(repository);
  await git('init', '--quiet', '--initial-branch=main');
  await commit(git, repository, sampleBase);
  if (policyFile !== null) {
    const files = { '.github/sallyport.yml': await readFile(policyFile, 'utf8') };
    await commit(git, repository, { files, message: 'Say what Sallyport may do' });
  }
  await git('checkout', '--quiet', '-b', 'feature');
  await commit(git, repository, sampleHead);
  const { stdout: headSha } = await git('rev-parse', 'HEAD');
  await git('checkout', '--quiet', 'main');
  const event = join(folder, 'opened.json');
  await writeFile(event, `${JSON.stringify(openedBy(headSha.trim()), null, 2)}\n`);
  return { repository, event };
}

/** One date, so that the commits are the same wherever they are made. */
const date = '2026-03-04T11:00:00Z';
const author = {
  GIT_AUTHOR_DATE: date,
  GIT_COMMITTER_DATE: date,
  GIT_AUTHOR_NAME: 'contributor',
  GIT_AUTHOR_EMAIL: 'contributor@example.org',
  GIT_COMMITTER_NAME: 'contributor',
  GIT_COMMITTER_EMAIL: 'contributor@example.org',
};

async function commit(
  git: (...args: readonly string[]) => Promise<unknown>,
  repository: string,
  source: BranchSource,
): Promise<void> {
  if (!('files' in source)) throw new Error('the sample is made of files');
  for (const [path, content] of Object.entries(source.files)) {
    if (typeof content !== 'string') throw new Error(`${path} is no plain text`);
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), content);
  }
  await git('add', '--all', '.');
  await git('commit', '--quiet', `--message=${source.message ?? 'Change'}`);
}

/** What GitHub would send, as far as Sallyport reads it. */
function openedBy(sha: string): object {
  const repo = { id: 7 };
  return {
    event: 'pull_request',
    payload: {
      action: 'opened',
      number: 1,
      installation: { id: 1 },
      repository: { ...repo, name: 'parcel-tracker', owner: { login: 'acme' } },
      sender: { id: 5, login: 'contributor', type: 'User' },
      pull_request: {
        draft: false,
        user: { id: 5, login: 'contributor' },
        labels: [],
        base: { ref: 'main', repo },
        head: { sha, ref: 'feature', repo },
      },
    },
  };
}
