import { array, assert, asyncProperty, constantFrom } from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diffCommits, mapLine } from '../support/github/diff.ts';
import { commitFiles, initBare } from '../support/github/git-repository.ts';
import { NAME, numberedText, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;
let scene: Scene;

beforeEach(async () => {
  stage = await Stage.start();
  scene = await stage.openPull();
});

afterEach(async () => {
  await stage.gitHub.close();
});

interface Wish {
  path?: string;
  line?: number;
  side?: 'LEFT' | 'RIGHT';
  start_line?: number;
  start_side?: 'LEFT' | 'RIGHT';
  body?: string;
}

function review(comments: Wish[], extra: object = {}) {
  const full = comments.map((one) => ({ path: 'src/a.js', body: 'hm', ...one }));
  const pull = { ...REPO, pull_number: scene.number, commit_id: scene.headSha };
  return scene.octokit.rest.pulls.createReview({
    ...pull,
    event: 'COMMENT',
    body: 'b',
    comments: full,
    ...extra,
  });
}

function comment(wish: Wish & { commit_id?: string; subject_type?: 'file' }) {
  const pull = { ...REPO, pull_number: scene.number, commit_id: scene.headSha };
  return scene.octokit.rest.pulls.createReviewComment({
    ...pull,
    path: 'src/a.js',
    body: 'hm',
    ...wish,
  });
}

const ANCHORS: [string, Wish][] = [
  ['a changed line', { line: 10 }],
  ['a context line', { line: 7 }],
  ['the last context line of the second hunk', { line: 45 }],
  ['a removed line on the left', { line: 41, side: 'LEFT' }],
  ['a range within one hunk', { start_line: 41, start_side: 'RIGHT', line: 42, side: 'RIGHT' }],
];

const NOT_ANCHORS: [string, Wish][] = [
  ['a line between the hunks', { line: 25 }],
  ['the line after a hunk', { line: 14 }],
  ['a line beyond the file', { line: 1000 }],
  ['line 0', { line: 0 }],
  ['no line at all', {}],
  ['a file that is not in the diff', { path: 'README.md', line: 1 }],
  ['a path that climbs', { path: '../src/a.js', line: 10 }],
  ['a range over two hunks', { start_line: 10, line: 41 }],
  ['a range that ends where it starts', { start_line: 10, line: 10 }],
  ['a range that runs backwards', { start_line: 11, line: 10 }],
  ['a range that starts outside the hunks', { start_line: 1, line: 10 }],
];

describe('a review', () => {
  test.each(ANCHORS)('may comment on %s', async (_, wish) => {
    await review([wish]);
    const [made] = stage.gitHub.reviewComments(NAME, scene.number);
    expect([made?.anchor.line, made?.anchor.side]).toEqual([wish.line, wish.side ?? 'RIGHT']);
    await stage.gitHub.settled();
    expect(stage.gitHub.violations).toEqual([]);
  });

  test.each(NOT_ANCHORS)('that comments on %s is refused as a whole', async (_, wish) => {
    await stage.expectUnprocessable(review([{ line: 10 }, wish]));
    expect(stage.gitHub.reviews(NAME, scene.number)).toEqual([]);
    expect(stage.gitHub.reviewComments(NAME, scene.number)).toEqual([]);
  });

  test.each([
    [
      'a commit of the base branch',
      async () => ({ commit_id: await stage.gitHub.branchHead(NAME, 'main') }),
    ],
    ['no body', async () => ({ body: '' })],
    ['a body that is too long', async () => ({ body: 'x'.repeat(65_537) })],
  ])('with %s is refused', async (_, extra) => {
    await stage.expectUnprocessable(review([], await extra()));
    expect(stage.gitHub.reviews(NAME, scene.number)).toEqual([]);
  });

  test('cannot carry the fields that only single comments have', async () => {
    const wish = { path: 'src/a.js', subject_type: 'file' } as Wish;
    await stage.expectUnprocessable(review([wish]));
    expect(stage.gitHub.violations).toMatchObject([{ operation: 'pulls/create-review' }]);
  });

  test('of the App cannot approve a pull request that the App opened', async () => {
    await stage.gitHub.pushBranch(NAME, 'bot', { files: { 'b.js': '1\n' } });
    const { data } = await scene.octokit.rest.pulls.create({
      ...REPO,
      title: 'Own',
      head: 'bot',
      base: 'main',
    });
    const wish = { ...REPO, pull_number: data.number, event: 'APPROVE' as const };
    await stage.expectUnprocessable(scene.octokit.rest.pulls.createReview(wish));
    expect(stage.gitHub.reviews(NAME, data.number)).toEqual([]);
  });
});

describe('a single comment', () => {
  test.each(NOT_ANCHORS)('on %s is refused', async (_, wish) => {
    await stage.expectUnprocessable(comment(wish));
    expect(stage.gitHub.reviewComments(NAME, scene.number)).toEqual([]);
  });

  test('is answered, edited and deleted; replies go to top-level comments only', async () => {
    const { pulls } = scene.octokit.rest;
    const { data: top } = await comment({ line: 10 });
    const to = { ...REPO, pull_number: scene.number, body: 'r' };
    const { data: reply } = await pulls.createReplyForReviewComment({ ...to, comment_id: top.id });
    expect(reply.in_reply_to_id).toBe(top.id);
    const nested = pulls.createReplyForReviewComment({ ...to, comment_id: reply.id });
    await stage.expectUnprocessable(nested);
    const { data: edited } = await pulls.updateReviewComment({
      ...REPO,
      comment_id: top.id,
      body: 'new',
    });
    expect(edited.body).toBe('new');
    await pulls.deleteReviewComment({ ...REPO, comment_id: top.id });
    await expect(pulls.getReviewComment({ ...REPO, comment_id: top.id })).rejects.toMatchObject({
      status: 404,
    });
  });

  test('on a whole file needs no line', async () => {
    const { data } = await comment({ subject_type: 'file' });
    expect(data.subject_type).toBe('file');
  });
});

async function lineAfter(changes: Record<number, string>): Promise<unknown> {
  const { data } = await comment({ line: 10 });
  const files = { 'src/a.js': numberedText({ 10: 'changed', 41: 'x\ny', ...changes }) };
  await stage.gitHub.pushToPullRequest(NAME, scene.number, { files });
  const read = await scene.octokit.rest.pulls.getReviewComment({ ...REPO, comment_id: data.id });
  return [read.data.line, read.data.original_line];
}

describe('after a push', () => {
  test('a comment follows its line', async () => {
    expect(await lineAfter({ 8: 'one\ntwo' })).toEqual([11, 10]);
  });

  test('a comment whose line was touched is outdated: only the original line is left', async () => {
    expect(await lineAfter({ 10: 'changed again' })).toEqual([null, 10]);
  });

  test('a line maps to the same text or to nothing, whatever the change', async () => {
    const gitDir = `${stage.gitHub.world.dataDir}/property.git`;
    await initBare(gitDir, 'main');
    const lines = array(constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 });
    let mappedLines = 0;
    const property = asyncProperty(lines, lines, async (before, after) => {
      const [old, now] = [await commitLines(gitDir, before), await commitLines(gitDir, after)];
      const [file] = await diffCommits(gitDir, old, now);
      const mapped = before.map((line, i) => ({ line, to: mapLine(file?.hunks ?? [], i + 1) }));
      const kept = mapped.filter(({ to }) => to !== undefined);
      mappedLines += kept.length;
      expect(kept.map(({ to }) => after[(to ?? 0) - 1])).toEqual(kept.map(({ line }) => line));
    });
    await assert(property, { numRuns: 25 });
    expect(mappedLines).toBeGreaterThan(0);
  });
});

function commitLines(gitDir: string, lines: readonly string[]): Promise<string> {
  const author = { name: 'a', email: 'a@example.org' };
  const files = { f: lines.map((line) => `${line}\n`).join('') };
  return commitFiles(gitDir, files, { parents: [], message: 'm', author, epochMs: 0 });
}
