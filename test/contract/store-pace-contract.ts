import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** What every `Store` promises about the pace of content. */
export function describePaceContract(name: string, makeStore: () => Promise<Store>): void {
  describe(`${name} keeps the pace of content`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await makeStore();
    });
    afterEach(async () => {
      await store.close();
    });
    /** Answers of `count` questions, one after the other. */
    async function ask(count: number, nowMs: number, installationId = 7): Promise<number[]> {
      const answers: number[] = [];
      for (let index = 0; index < count; index += 1) {
        answers.push(await store.contentPace.take(installationId, nowMs));
      }
      return answers;
    }
    const taken = (count: number) => Array.from({ length: count }, () => 0);
    const room = (answers: readonly number[]) => answers.filter((waitMs) => waitMs === 0).length;

    test('gives 70 a minute, and says when there is room again', async () => {
      const startMs = 5 * hourMs;
      expect(room(await ask(30, startMs))).toBe(30);
      expect(await ask(42, startMs + 10_000)).toEqual([...taken(40), 50_000, 50_000]);
      expect(await ask(1, startMs + minuteMs - 1)).toEqual([1]);
      expect(await ask(31, startMs + minuteMs)).toEqual([...taken(30), 10_000]);
      expect(room(await ask(100, startMs + 10_000, 8))).toBe(70);
    });

    test('gives 450 an hour, whatever there is in a minute', async () => {
      const startMs = 2 ** 41;
      for (let minute = 0; minute < 6; minute += 1) {
        expect(room(await ask(71, startMs + minute * minuteMs))).toBe(70);
      }
      const lastMs = startMs + 6 * minuteMs;
      expect(room(await ask(40, lastMs))).toBe(30);
      expect(await ask(1, lastMs + 10 * minuteMs)).toEqual([hourMs - 16 * minuteMs]);
      expect(room(await ask(100, startMs + hourMs))).toBe(70);
    });

    test('lets nobody take before a block is over, and shortens none', async () => {
      await store.contentPace.block(7, 1_000_000);
      await store.contentPace.block(7, 900_000);
      expect(await ask(1, 400_000)).toEqual([600_000]);
      expect(await ask(1, 400_000, 8)).toEqual([0]);
      await store.contentPace.block(7, 2 ** 42);
      expect(await ask(1, 2 ** 42 - 5)).toEqual([5]);
      expect(await ask(1, 2 ** 42)).toEqual([0]);
    });

    test('counts what a process wrote whose clock is ahead', async () => {
      expect(room(await ask(60, 10 * minuteMs + 30_000))).toBe(60);
      expect(room(await ask(60, 10 * minuteMs))).toBe(10);
      expect(room(await ask(60, 10 * minuteMs + 30_000))).toBe(0);
    });

    test('does not wait for a clock that was set back by a day', async () => {
      expect(room(await ask(80, 30 * hourMs))).toBe(70);
      expect(room(await ask(80, 6 * hourMs))).toBe(70);
    });
  });
}
