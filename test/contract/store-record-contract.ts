import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOf, TaskId } from '../../src/domain/ids.ts';
import type { Store } from '../../src/ports/store.ts';
import { sampleApproval, sampleTask } from './store-samples.ts';

/** What every `Store` promises about approvals, steps and artifacts. */
export function describeRecordContract(name: string, makeStore: () => Promise<Store>): void {
  describe(`${name} keeps the record of a task`, () => {
    const task = sampleTask('recorded');
    let store: Store;
    beforeEach(async () => {
      store = await makeStore();
      await store.tasks.insert(task);
    });
    afterEach(async () => {
      await store.close();
    });

    test('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });

    test('gives back approvals of the task alone, in the order in which they came', async () => {
      const other = sampleTask('other');
      await store.tasks.insert(other);
      const reject = sampleApproval(task, { decision: 'reject', via: 'comment', atMs: 9_000 });
      const run = sampleApproval(task, {
        gate: 'run',
        binding: { ...reject.binding, patchDigest: null },
      });
      for (const approval of [reject, sampleApproval(other), run, run]) {
        await store.approvals.add(approval);
      }
      expect(await store.approvals.ofTask(task.id)).toEqual([reject, run, run]);
    });

    test('tells a new step from one begun and one done', async () => {
      expect(await store.steps.begin(task.id, 'check')).toEqual({ status: 'new' });
      expect(await store.steps.begin(task.id, 'check')).toEqual({ status: 'begun' });
      await store.steps.finish(task.id, 'check', 'check-run-1');
      const done = { status: 'done', reference: 'check-run-1' };
      expect(await store.steps.begin(task.id, 'check')).toEqual(done);
      expect(await store.steps.find(task.id, 'check')).toBe('check-run-1');
      expect(await store.steps.find(task.id, 'review')).toBeUndefined();
      expect(await store.steps.begin(task.id, 'review')).toEqual({ status: 'new' });
      expect(await store.steps.find(task.id, 'review')).toBeUndefined();
      // Begun is not done; of those that keep one at once, all are told the same.
      const kept = await Promise.all(
        ['a', 'b'].map((one) => store.steps.keep(task.id, 'review', one)),
      );
      expect(new Set(kept).size).toBe(1);
      expect(await store.steps.find(task.id, 'review')).toBe(kept[0]);
      expect(await store.steps.keep(task.id, 'mark', 'c')).toBe('c');
      // A reply to a comment that asks for no task is a step too.
      const noTask = TaskId.parse(`t${'9'.repeat(24)}`);
      expect(await store.steps.begin(noTask, 'reply')).toEqual({ status: 'new' });
    });

    test('lets one of many begin a step', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => store.steps.begin(task.id, 'commit')),
      );
      expect(answers.filter(({ status }) => status === 'new')).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 'begun')).toHaveLength(19);
    });

    test.each([
      ['text', Buffer.from('a\u0000b')],
      ['nothing', new Uint8Array()],
      ['every byte', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
    ])('gives back artifacts by their digest: %s', async (_, bytes) => {
      const digest = await store.artifacts.put(bytes);
      expect(digest).toBe(digestOf(bytes));
      expect(await store.artifacts.put(bytes)).toBe(digest);
      expect(Buffer.from(await store.artifacts.get(digest))).toEqual(Buffer.from(bytes));
    });

    test('keeps the bytes as they were when they were put', async () => {
      const bytes = Uint8Array.of(1, 2, 3);
      const digest = await store.artifacts.put(bytes);
      bytes[0] = 9;
      expect([...(await store.artifacts.get(digest))]).toEqual([1, 2, 3]);
    });

    test('gives back the answers of a thread, newest first, each once', async () => {
      const [thread, other] = [sampleTask('thread').id, sampleTask('another').id];
      const [one, two, three] = ['one', 'two', 'three'].map((text) => ({
        key: sampleTask(text).id,
        text: `${text} "quoted"\n`,
      }));
      if (!one || !two || !three) throw new Error('no samples');
      await store.replies.add(thread, one);
      await store.replies.add(other, two);
      await store.replies.add(thread, three);
      await store.replies.add(thread, { ...one, text: 'changed' });
      expect(await store.replies.latest(thread, 5)).toEqual([three, one]);
      expect(await store.replies.latest(thread, 1)).toEqual([three]);
      expect(await store.replies.latest(sampleTask('nobody').id, 5)).toEqual([]);
      const again = { ...one, text: 'further on' };
      await store.replies.put(thread, again);
      expect(await store.replies.latest(thread, 5)).toEqual([again, three]);
      await store.replies.put(thread, three);
      expect(await store.replies.latest(thread, 5)).toEqual([again, three]);
      expect(await store.replies.latest(other, 5)).toEqual([two]);
    });

    test('keeps the last word on a pause, whatever the order in which the words come', async () => {
      const key = { repositoryId: 2 ** 40, number: 12 };
      expect(await store.pauses.isPaused(key)).toBe(false);
      await store.pauses.set({ ...key, isPaused: true, atMs: 2_000 });
      await store.pauses.set({ ...key, isPaused: false, atMs: 1_000 });
      expect(await store.pauses.isPaused(key)).toBe(true);
      expect(await store.pauses.isPaused({ ...key, number: 13 })).toBe(false);
      await store.pauses.set({ ...key, isPaused: false, atMs: 2_000 });
      expect(await store.pauses.isPaused(key)).toBe(false);
    });

    test('adds up what attempts used, of an installation or a part of it, since a time', async () => {
      const of = (cause: string, changes: object = {}) => ({
        taskId: sampleTask(cause).id,
        attempt: 1,
        taskName: 'review',
        installationId: 7,
        repositoryId: 2 ** 40,
        pullRequest: 5,
        atMs: 2_000,
        ms: 10,
        tokens: 3,
        costMicroUsd: 2 ** 40,
        requests: 2,
        ...changes,
      });
      await store.usage.put(of('old', { atMs: 1_999 }));
      await store.usage.put(of('one', { ms: 99, requests: 99 }));
      await store.usage.put(of('one', { atMs: 9_000, taskName: 'fix', repositoryId: 12 }));
      await store.usage.put(of('one', { attempt: 2 }));
      await store.usage.put(of('fix', { taskName: 'fix', pullRequest: 6 }));
      await store.usage.put(of('elsewhere', { repositoryId: 12 }));
      await store.usage.put(of('other', { installationId: 8 }));
      const sum = (place: object) => store.usage.sum(2_000, { installationId: 7, ...place });
      expect(await sum({})).toEqual({
        tasks: 3,
        ms: 40,
        tokens: 12,
        costMicroUsd: 2 ** 42,
        requests: 8,
      });
      expect(await sum({ repositoryId: 2 ** 40 })).toMatchObject({ tasks: 2, ms: 30 });
      const pull = { repositoryId: 2 ** 40, pullRequest: 5 };
      expect(await sum(pull)).toMatchObject({ tasks: 1, ms: 20 });
      expect(await sum({ taskName: 'fix' })).toMatchObject({ tasks: 1, ms: 10 });
      expect(await sum({ taskId: sampleTask('one').id })).toMatchObject({ tasks: 1, ms: 20 });
      expect(await sum({ taskName: 'x' })).toEqual({
        tasks: 0,
        ms: 0,
        tokens: 0,
        costMicroUsd: 0,
        requests: 0,
      });
      expect(await store.usage.has(sampleTask('one').id, 2_000)).toBe(true);
      expect(await store.usage.has(sampleTask('old').id, 2_000)).toBe(false);
    });

    test('throws store.corrupt for an artifact that it does not have', async () => {
      const get = store.artifacts.get(digestOf('never put'));
      await expect(get).rejects.toMatchObject({ code: 'store.corrupt' });
    });
  });
}
