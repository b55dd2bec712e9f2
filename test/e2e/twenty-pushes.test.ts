import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReviewComment } from '../support/github/records.ts';
import { PushedFiles, wordIn } from './pushed-files.ts';
import { repo, type System, startSystem } from './system.ts';

const pushes = 20;
/** A push is a sandbox of its own. */
const timeoutMs = 280_000;

describe('twenty pushes to one pull request', () => {
  const files = new PushedFiles(5);
  const base = { files: Object.fromEntries(files.texts) };
  /** By head SHA: path → text. */
  const heads = new Map<string, ReadonlyMap<string, string>>();
  let system: System;
  let number: number;

  beforeAll(async () => {
    const policy = (text: string) => text.replace('inline: suggestions', 'inline: findings');
    files.push(0);
    const head = { files: Object.fromEntries(files.texts) };
    system = await startSystem({ policy, base, head });
    const pull = await system.openSample();
    number = pull.number;
    heads.set(pull.headSha, files.texts);
  });

  afterAll(async () => {
    expect(system.standIn.violations).toEqual([]);
    // Fails for every write that was answered 422.
    await system.stop();
  });

  it('say everything once, lose nothing, and close what is fixed', {
    timeout: timeoutMs,
  }, async () => {
    await expectShown([...heads.keys()][0] ?? '');
    for (let push = 1; push < pushes; push += 1) {
      if (push === 8) system.standIn.resolveThread(firstOpen().id, 'contributor');
      if (push === 12) await system.standIn.replyInThread(firstOpen().id, 'maintainer', 'Why?');
      await expectShown(await pushed(push));
    }
    const threads = system.standIn.reviewThreads(repo, number);
    expect(threads.filter(({ first }) => isSaidFixed(first)).length).toBeGreaterThan(2);
    expect(threads.length).toBeGreaterThanOrEqual(pushes);
  });

  async function pushed(push: number): Promise<string> {
    const before = files.texts;
    files.push(push);
    const after = files.texts;
    const gone = [...before.keys()].filter((path) => !after.has(path));
    const deleted = Object.fromEntries(gone.map((path) => [path, null]));
    const source = { files: { ...deleted, ...Object.fromEntries(after) } };
    const sha = await system.standIn.pushToPullRequest(repo, number, source);
    heads.set(sha, after);
    return sha;
  }

  /** What a comment of ours is about: the word on the line that it was made for. */
  function wordOf({ anchor, originalCommitId }: ReviewComment): string {
    const text = heads.get(originalCommitId)?.get(anchor.path) ?? '';
    return wordIn(text.split('\n')[(anchor.originalLine ?? 0) - 1] ?? '') ?? `nothing: ${text}`;
  }

  function firsts(): ReviewComment[] {
    return system.standIn.reviewThreads(repo, number).map(({ first }) => first);
  }

  function firstOpen(): ReviewComment {
    const open = firsts().find(
      (first) => first.thread.resolvedBy === undefined && files.faults.has(wordOf(first)),
    );
    if (open === undefined) throw new Error('no thread is open');
    return open;
  }

  async function expectShown(headSha: string): Promise<void> {
    const check = await system.concluded(headSha);
    const texts = files.texts;
    const annotated = check.annotations.map(({ path, start_line: line }) =>
      wordIn(texts.get(path)?.split('\n')[line - 1] ?? ''),
    );
    const comments = firsts();
    const words = comments.map(wordOf);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
    const dismissed = comments.filter(
      (first) => first.thread.resolvedBy !== undefined && !isSaidFixed(first),
    );
    const hidden = dismissed.map(wordOf);
    const live = [...files.faults.keys()];
    const wanted = live.filter((word) => !hidden.includes(word));
    expect(new Set(annotated)).toEqual(new Set(wanted));
    expect(annotated).toHaveLength(wanted.length);
    expect(live.filter((word) => !words.includes(word))).toEqual([]);
    for (const [at, first] of comments.entries()) {
      if (dismissed.includes(first)) continue;
      const isLive = files.faults.has(words[at] ?? '');
      expect([words[at], isSaidFixed(first)]).toEqual([words[at], !isLive]);
      expect([words[at], first.thread.resolvedBy?.type]).toEqual([
        words[at],
        isLive ? undefined : 'Bot',
      ]);
    }
  }
});

function isSaidFixed({ body }: ReviewComment): boolean {
  return /^\*\*Fixed\*\* in `[0-9a-f]{7}`\.$/m.test(body);
}
