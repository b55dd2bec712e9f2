import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { GitSource } from '../../src/adapters/git/git-source.ts';
import type { CommitSha } from '../../src/domain/ids.ts';
import { taskIdFor } from '../../src/domain/ids.ts';
import { RepoPath } from '../../src/domain/repo-path.ts';
import type { SourceSnapshot } from '../../src/ports/source.ts';
import type { TaskInput } from '../../src/protocol/task-input.ts';
import type { TestFile, TestRepository } from '../support/repositories.ts';
import { createRepository, temporaryFolder } from '../support/repositories.ts';

const limits = { inputFileBytes: 1_000_000, workspaceBytes: 50_000_000 };
const signal = new AbortController().signal;

function path(value: string): RepoPath {
  return RepoPath.parse(value);
}

async function snapshotOf(
  repository: TestRepository,
  mirrorsDir: string,
  commits: { readonly headSha: CommitSha; readonly baseSha: CommitSha },
): Promise<SourceSnapshot> {
  const source = new GitSource({ mirrorsDir });
  const location = { mirrorKey: 'local-1', url: repository.path, token: null };
  return source.snapshot(location, commits, limits, signal);
}

/** The snapshot of a head over a base, each given by all of its files. */
async function pullRequest(base: readonly TestFile[], head: readonly TestFile[]) {
  const folder = await temporaryFolder();
  const repository = await createRepository(join(folder.path, 'source'));
  const baseSha = await repository.commit(base);
  const headSha = await repository.commit(head, { parents: [baseSha], timeSeconds: 1_700_000_123 });
  const mirrorsDir = join(folder.path, 'mirrors');
  const snapshot = await snapshotOf(repository, mirrorsDir, { headSha, baseSha });
  return { snapshot, headSha, baseSha, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

function taskInput(snapshot: SourceSnapshot, cause = 'one'): TaskInput {
  return {
    protocol: 1,
    taskId: taskIdFor(cause, 'review'),
    kind: 'review',
    agent: 'linters',
    headSha: snapshot.headSha,
    baseSha: snapshot.baseSha,
    instructions: null,
    changedFiles: [...snapshot.changedFiles],
    sourceDateEpoch: snapshot.headTime,
    limits: { agentMs: 1_000, resultBytes: 1_000, resultFiles: 10, findings: 10 },
  };
}

async function untar(snapshot: SourceSnapshot) {
  const entries: { name: string; type: string; mode: number; linkname: string; body: string }[] =
    [];
  const tar = extract();
  snapshot.bundle(taskInput(snapshot)).stream().pipe(tar);
  for await (const entry of tar) {
    const { name, type, mode, linkname } = entry.header;
    entries.push({ name, type, mode, linkname, body: await text(entry) });
  }
  return entries;
}

/** One expected changed file. */
function row(file: string, previousPath: string | null, rest: readonly unknown[]) {
  const [status, kind, addedLines] = rest;
  return { path: file, previousPath, status, kind, addedLines };
}

describe('a snapshot of a pull request', () => {
  it('tells what happened to each file', async () => {
    const long = Array.from({ length: 20 }, (_, line) => `line ${String(line)}\n`).join('');
    await using pull = await pullRequest(
      [
        { path: 'kept.txt', content: 'same\n' },
        { path: 'edited.txt', content: 'one\ntwo\nthree\n' },
        { path: 'gone.txt', content: 'bye\n' },
        { path: 'old name.txt', content: long },
        { path: 'becomes-link', content: 'text\n' },
        { path: 'becomes-file', content: 'kept.txt', mode: '120000' },
        { path: 'script.sh', content: '#!/bin/sh\n' },
      ],
      [
        { path: 'kept.txt', content: 'same\n' },
        { path: 'edited.txt', content: 'one\nTWO\nthree\nfour' },
        { path: 'new name.txt', content: `${long}end\n` },
        { path: 'becomes-link', content: 'kept.txt', mode: '120000' },
        { path: 'becomes-file', content: 'now\ntext\n' },
        { path: 'script.sh', content: '#!/bin/sh\n', mode: '100755' },
        { path: 'image.png', content: Buffer.from([0x89, 0, 1, 2]) },
        { path: 'empty', content: '' },
      ],
    );
    const { snapshot, headSha, baseSha } = pull;
    expect(snapshot).toMatchObject({
      headSha,
      baseSha,
      mergeBaseSha: baseSha,
      headTime: 1_700_000_123,
    });
    expect(snapshot.changedFiles).toEqual([
      row('becomes-file', null, ['type-changed', 'text', [[1, 2]]]),
      row('becomes-link', null, ['type-changed', 'symlink', []]),
      row('edited.txt', null, [
        'modified',
        'text',
        [
          [2, 2],
          [4, 4],
        ],
      ]),
      row('empty', null, ['added', 'text', []]),
      row('gone.txt', null, ['deleted', 'text', []]),
      row('image.png', null, ['added', 'binary', []]),
      row('new name.txt', 'old name.txt', ['renamed', 'text', [[21, 21]]]),
      row('script.sh', null, ['modified', 'text', []]),
    ]);
  });

  it('reads regular files of the head and tells what else stands at a path', async () => {
    await using pull = await pullRequest(
      [],
      [
        { path: 'a/b/run.sh', content: 'echo\n', mode: '100755' },
        { path: 'a/link', content: '/etc/passwd', mode: '120000' },
        { path: 'module', content: '1'.repeat(40), mode: '160000' },
      ],
    );
    const { snapshot } = pull;
    expect(await snapshot.readHead(path('a/b/run.sh'))).toEqual({
      bytes: Buffer.from('echo\n'),
      executable: true,
    });
    expect(await snapshot.readHead(path('a/link'))).toBeUndefined();
    expect(await snapshot.readHead(path('a/b'))).toBeUndefined();
    expect(await snapshot.readHead(path('absent'))).toBeUndefined();
    const places = ['a', 'a/b', 'a/b/run.sh', 'a/link', 'module', 'absent', 'module/x'];
    expect(places.map((place) => snapshot.kindInHead(path(place)))).toEqual([
      'folder',
      'folder',
      'file',
      'symlink',
      'submodule',
      undefined,
      undefined,
    ]);
    expect(snapshot.omitted).toEqual([{ path: 'module', reason: 'submodule' }]);
  });

  it('bundles the task, the diff and the head tree, links as data', async () => {
    const deep = `${'long-folder-name/'.repeat(12)}file.txt`;
    await using pull = await pullRequest(
      [],
      [
        { path: deep, content: 'deep\n' },
        { path: 'b.txt', content: 'b\n' },
        { path: 'b/c.txt', content: 'c\n', mode: '100755' },
        { path: 'outside', content: '../../../etc/passwd', mode: '120000' },
      ],
    );
    const entries = await untar(pull.snapshot);
    expect(entries.map(({ name, type, mode, linkname }) => [name, type, mode, linkname])).toEqual([
      ['task.json', 'file', 0o644, null],
      ['diff.patch', 'file', 0o644, null],
      ['head/b.txt', 'file', 0o644, null],
      ['head/b/c.txt', 'file', 0o755, null],
      [`head/${deep}`, 'file', 0o644, null],
      ['head/outside', 'symlink', 0o777, '../../../etc/passwd'],
    ]);
    expect(JSON.parse(entries[0]?.body ?? '')).toEqual(taskInput(pull.snapshot));
    expect(entries[1]?.body).toBe(Buffer.from(pull.snapshot.diff).toString());
    expect(entries[2]?.body).toBe('b\n');
  });
});
