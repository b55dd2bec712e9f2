import { describe, expect, test } from 'vitest';
import {
  type BatchAnswer,
  failureMessages,
  inBatches,
} from '../../../workers/agents/linters/batch.ts';

const inputs = Array.from({ length: 20 }, (_, index) => ({ path: `f${index}` }));

/** A tool that ends badly whenever one of `bad` is among its files. */
function fragileTool(...bad: string[]) {
  const calls: number[] = [];
  const run = (batch: readonly { path: string }[]): Promise<BatchAnswer<string>> => {
    calls.push(batch.length);
    const isBroken = batch.some(({ path }) => bad.includes(path));
    return Promise.resolve(
      isBroken ? { ok: false, why: 'crash' } : { ok: true, values: batch.map(({ path }) => path) },
    );
  };
  return { calls, run };
}

describe('inBatches', () => {
  test('one call is enough when nothing breaks', async () => {
    const tool = fragileTool();
    expect((await inBatches(inputs, tool.run)).values).toHaveLength(20);
    expect(tool.calls).toEqual([20]);
  });

  test('files that break the tool are found, and silence no other', async () => {
    const tool = fragileTool('f3', 'f17');
    const outcome = await inBatches(inputs, tool.run);
    expect(outcome.failures.map(({ input }) => input.path)).toEqual(['f3', 'f17']);
    expect(outcome.values).toEqual(
      inputs.map(({ path }) => path).filter((path) => path !== 'f3' && path !== 'f17'),
    );
    expect(tool.calls.length).toBeLessThan(25);
  });

  test('findings without number are all taken', async () => {
    const values = Array.from({ length: 300_000 }, () => 'x');
    const outcome = await inBatches(inputs, () => Promise.resolve({ ok: true, values }));
    expect(outcome.values).toEqual(values);
  });

  test('batches stay below the number and the weight given', async () => {
    const tool = fragileTool();
    await inBatches(inputs, tool.run, { maxInputs: 8, maxWeight: 100, weigh: () => 1 });
    await inBatches(inputs, tool.run, { maxInputs: 100, maxWeight: 7, weigh: () => 1 });
    await inBatches(inputs, tool.run, { maxInputs: 100, maxWeight: 1, weigh: () => 50 });
    expect(tool.calls).toEqual([8, 8, 4, 7, 7, 6, ...inputs.map(() => 1)]);
  });

  test('long names are spread below the argument limit', async () => {
    const long = Array.from({ length: 100 }, (_, index) => ({ path: 'é'.repeat(2_000) + index }));
    const tool = fragileTool();
    await inBatches(long, tool.run);
    for (const size of tool.calls) expect(size * 4_006).toBeLessThanOrEqual(128 * 1024);
  });
});

test('failures are named up to ten, then counted', () => {
  const failures = inputs.map((input) => ({ input, why: 'crash' }));
  const messages = failureMessages(failures);
  expect(messages).toHaveLength(11);
  expect(messages[0]).toBe('gave nothing for "f0": crash');
  expect(messages[10]).toBe('gave nothing for 10 more files');
});
