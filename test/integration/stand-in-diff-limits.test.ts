import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;
let scene: Scene;

beforeEach(async () => {
  stage = await Stage.start();
  scene = await stage.openPull();
});

afterEach(async () => {
  await stage.gitHub.settled();
  expect(stage.gitHub.violations).toEqual([]);
  await stage.gitHub.close();
});

/** Lines that git shows as one hunk: nothing of the file was there before. */
const lines = (count: number): string => 'x\n'.repeat(count);

async function commentOn(path: string, where: { line: number } | { subject_type: 'file' }) {
  const commit_id = stage.gitHub.pullRequest(NAME, scene.number).pull.headSha;
  const pull = { ...REPO, pull_number: scene.number, commit_id };
  return scene.octokit.rest.pulls.createReviewComment({ ...pull, path, body: 'hm', ...where });
}

async function push(files: Record<string, string>): Promise<void> {
  await stage.gitHub.pushToPullRequest(NAME, scene.number, { files });
}

async function shownFiles(): Promise<string[]> {
  const wish = { ...REPO, pull_number: scene.number, per_page: 100 };
  const files = await scene.octokit.paginate(scene.octokit.rest.pulls.listFiles, wish);
  return files.filter(({ patch }) => patch !== undefined).map(({ filename }) => filename);
}

describe('a diff that is too large', () => {
  test('shows no file after the one that passes 20,000 lines in all', async () => {
    await push({ 'b.txt': lines(12_000), 'c.txt': lines(7_000), 'd.txt': lines(2_000), e: 'x\n' });
    expect(await shownFiles()).toEqual(['b.txt', 'c.txt']);
    await commentOn('c.txt', { line: 7_000 });
    await stage.expectUnprocessable(commentOn('d.txt', { line: 1 }));
    await stage.expectUnprocessable(commentOn('e', { line: 1 }));
    await stage.expectUnprocessable(commentOn('e', { subject_type: 'file' }));
  });

  test('shows no file after the one that passes a megabyte in all', async () => {
    const wide = `${'x'.repeat(399)}\n`.repeat(1_200);
    await push({ 'b.txt': wide, 'c.txt': wide, 'd.txt': wide });
    expect(await shownFiles()).toEqual(['b.txt', 'c.txt']);
  });

  test('shows 300 files, and takes comments on these alone', async () => {
    const names = Array.from({ length: 301 }, (_, i) => `b/${String(i).padStart(3, '0')}`);
    await push(Object.fromEntries(names.map((name) => [name, 'x\n'])));
    const shown = await shownFiles();
    expect(shown).toEqual(names.slice(0, 300));
    await commentOn('b/299', { line: 1 });
    await stage.expectUnprocessable(commentOn('b/300', { line: 1 }));
  });

  test('of one file keeps that file alone from comments', async () => {
    await push({ 'b.txt': lines(20_001), 'c.txt': 'x\n' });
    expect(await shownFiles()).toEqual(['c.txt', 'src/a.js']);
    await stage.expectUnprocessable(commentOn('b.txt', { line: 1 }));
    await commentOn('c.txt', { subject_type: 'file' });
  });
});
