import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dismissal, FindingRecord } from '../../src/domain/finding-record.ts';
import type { Store } from '../../src/ports/store.ts';
import { sampleRecord } from './store-samples.ts';

const pull = { repositoryId: 11, number: 5 };
const said: Dismissal = { byId: 2 ** 40, via: 'command', waives: false, atMs: 2 ** 45 };
const waived: Dismissal = { byId: 4, via: 'thumbs-down', waives: true, atMs: 9 };

function dismissed(record: FindingRecord, dismissal: Dismissal): FindingRecord {
  return { ...record, state: 'dismissed', dismissal };
}

/** What every `Store` promises about findings. */
export function describeFindingsContract(name: string, makeStore: () => Promise<Store>): void {
  describe(`${name} keeps findings`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await makeStore();
    });
    afterEach(async () => {
      await store.close();
    });
    const lint = () => store.findings.ofPullRequest(pull, 'lint');

    test('gives back every field, in the order in which they were first put', async () => {
      const [one, two, three] = [
        sampleRecord('f', { path: 'a "b"/é\n.js' as never, rule: "it's; --" }),
        sampleRecord('e', { marks: { ...sampleRecord('e').marks, toolKey: null } }),
        dismissed(sampleRecord('a'), waived),
      ] as const;
      expect(await lint()).toEqual([]);
      await store.findings.put(pull, 'lint', [one, two]);
      await store.findings.put(pull, 'lint', [three]);
      expect(await lint()).toEqual([one, two, three]);
      await store.findings.put(pull, 'lint', []);
      expect(await lint()).toEqual([one, two, three]);
    });

    test('keeps pull requests and task names apart, also where they share an id', async () => {
      const [mine, other] = [sampleRecord('a'), sampleRecord('a', { rule: 'other' })];
      const [elsewhere, next] = [
        { ...pull, repositoryId: 12 },
        { ...pull, number: 6 },
      ];
      await store.findings.put(pull, 'lint', [mine]);
      for (const [key, task] of [
        [pull, 'review'],
        [elsewhere, 'lint'],
        [next, 'lint'],
      ] as const) {
        expect(await store.findings.ofPullRequest(key, task)).toEqual([]);
        await store.findings.put(key, task, [other]);
        expect(await store.findings.ofPullRequest(key, task)).toEqual([other]);
      }
      expect(await lint()).toEqual([mine]);
    });

    test('puts once with a step: whoever comes second changes nothing and learns of the first', async () => {
      const [one, two, gone] = [sampleRecord('a'), sampleRecord('b'), sampleRecord('c')];
      const hidden = dismissed(sampleRecord('d'), said);
      await store.findings.put(pull, 'lint', [gone, hidden]);
      const { firstTask: taskId } = one;
      const put = (records: readonly FindingRecord[], reference: string) =>
        store.findings.putOnce(pull, 'lint', {
          records,
          forgotten: [gone.id, hidden.id, 'f'.repeat(12)],
          step: { taskId, name: 'plan', reference },
        });
      expect(await put([one], 'first')).toBe('first');
      expect(await lint()).toEqual([hidden, one]);
      expect(await store.steps.find(taskId, 'plan')).toBe('first');
      expect(await put([two], 'second')).toBe('first');
      expect(await lint()).toEqual([hidden, one]);
    });

    test('replaces a step that was only begun', async () => {
      const { firstTask: taskId } = sampleRecord('a');
      await store.steps.begin(taskId, 'plan');
      const step = { taskId, name: 'plan', reference: 'mine' };
      const change = { records: [sampleRecord('a')], forgotten: [], step };
      expect(await store.findings.putOnce(pull, 'lint', change)).toBe('mine');
      expect(await store.steps.find(taskId, 'plan')).toBe('mine');
      expect(await lint()).toHaveLength(1);
    });

    test('replaces what has the same id, where it stands; the last word of one put counts', async () => {
      const [one, two] = [sampleRecord('b'), sampleRecord('a')];
      await store.findings.put(pull, 'lint', [one, two]);
      const fixed = sampleRecord('b', {
        tool: 'other',
        rule: 'r',
        severity: 'info',
        path: 'moved.js' as never,
        marks: sampleRecord('c').marks,
        state: 'fixed',
        place: 'check',
        lastTask: `t${'9'.repeat(24)}` as never,
      });
      await store.findings.put(pull, 'lint', [one, sampleRecord('c'), fixed]);
      expect(await lint()).toEqual([fixed, two, sampleRecord('c')]);
    });

    test('lets nothing but a dismissal that waives change what is dismissed', async () => {
      const [one, two] = [sampleRecord('a'), sampleRecord('b')];
      await store.findings.put(pull, 'lint', [one, two]);
      expect(await store.findings.dismiss(pull, one.id, said)).toBe(true);
      expect(await store.findings.dismiss(pull, one.id, { ...said, byId: 9 })).toBe(false);
      await store.findings.put(pull, 'lint', [
        { ...one, state: 'fixed' },
        { ...two, state: 'fixed' },
      ]);
      expect(await lint()).toEqual([dismissed(one, said), { ...two, state: 'fixed' }]);
      expect(await store.findings.dismiss(pull, one.id, waived)).toBe(true);
      expect(await store.findings.dismiss(pull, one.id, said)).toBe(false);
      expect(await store.findings.dismiss(pull, one.id, { ...waived, byId: 9 })).toBe(false);
      expect(await store.findings.dismiss(pull, two.id, said)).toBe(true);
      expect(await lint()).toEqual([dismissed(one, waived), dismissed(two, said)]);
    });

    test('follows what is dismissed to where it is now', async () => {
      const one = sampleRecord('a');
      await store.findings.put(pull, 'lint', [one]);
      await store.findings.dismiss(pull, one.id, said);
      const moved = {
        ...sampleRecord('a', { path: 'moved.js' as never, marks: sampleRecord('c').marks }),
        lastTask: `t${'9'.repeat(24)}` as never,
      };
      await store.findings.put(pull, 'lint', [moved]);
      expect(await lint()).toEqual([dismissed(moved, said)]);
    });

    test('dismisses of whichever task name, and nothing that is not there', async () => {
      const one = sampleRecord('a');
      await store.findings.put(pull, 'review', [one]);
      expect(await store.findings.dismiss(pull, sampleRecord('b').id, said)).toBe(false);
      expect(await store.findings.dismiss({ ...pull, number: 6 }, one.id, said)).toBe(false);
      expect(await store.findings.dismiss({ ...pull, repositoryId: 1 }, one.id, said)).toBe(false);
      expect(await store.findings.dismiss(pull, one.id, said)).toBe(true);
      expect(await store.findings.ofPullRequest(pull, 'review')).toEqual([dismissed(one, said)]);
    });

    test('lets one of many dismiss', async () => {
      await store.findings.put(pull, 'lint', [sampleRecord('a')]);
      const words = Array.from({ length: 10 }, (_, byId) => ({ ...said, byId: byId + 1 }));
      const { id } = sampleRecord('a');
      const answers = await Promise.all(
        words.map((word) => store.findings.dismiss(pull, id, word)),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      const [record] = await lint();
      expect(record?.dismissal).toEqual(words[answers.indexOf(true)]);
    });

    test('takes thousands at once', async () => {
      const many = Array.from({ length: 5_050 }, (_, index) =>
        sampleRecord('0', { id: index.toString(16).padStart(12, '0') }),
      );
      await store.findings.put(pull, 'lint', many);
      await store.findings.put(pull, 'lint', many.toReversed());
      expect(await lint()).toEqual(many);
    });
  });
}
