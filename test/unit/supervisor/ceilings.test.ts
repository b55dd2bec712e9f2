import { describe, expect, test, vi } from 'vitest';
import { Ceilings } from '../../../workers/supervisor/ceilings.ts';

const limits = {
  agentMs: 1_000,
  resultBytes: 1,
  resultFiles: 1,
  findings: 1,
  outputBytes: 10,
  pids: 4,
};

describe('the ceilings of an agent', () => {
  test.each<[string, (ceilings: Ceilings) => void, object]>([
    ['output', (c) => c.sawOutput(11), { limit: 'limit:output', isTimeUp: false }],
    ['processes', (c) => c.sawTasks(5), { limit: 'limit:pids', isTimeUp: false }],
    [
      'the first of two',
      (c) => [c.sawTasks(5), c.sawOutput(11)],
      { limit: 'limit:pids', isTimeUp: false },
    ],
    [
      'a model, and then it may finish',
      (c) => c.sawModelLimit('limit:model-cost'),
      { limit: 'limit:model-cost', isTimeUp: false, mayFinish: true },
    ],
    [
      'output before a model, and then it may not',
      (c) => [c.sawOutput(11), c.sawModelLimit('limit:model-cost')],
      { limit: 'limit:output', mayFinish: false },
    ],
  ])('end it: %s', async (_, see, expected) => {
    const ceilings = new Ceilings(limits);
    see(ceilings);
    await ceilings.reached;
    expect(ceilings).toMatchObject(expected);
  });

  test('end it by time', () => {
    vi.useFakeTimers();
    try {
      const ceilings = new Ceilings(limits);
      vi.advanceTimersByTime(999);
      expect(ceilings.isTimeUp).toBe(false);
      vi.advanceTimersByTime(1);
      expect(ceilings).toMatchObject({ isTimeUp: true, limit: undefined });
    } finally {
      vi.useRealTimers();
    }
  });

  test.each<[string, (ceilings: Ceilings) => void]>([
    ['processes', (c) => c.sawTasks(5)],
    ['output', (c) => c.sawOutput(11)],
    ['time', () => vi.advanceTimersByTime(limits.agentMs)],
  ])('end one that may finish: %s, and it ended for its model', async (_, see) => {
    vi.useFakeTimers();
    try {
      const ceilings = new Ceilings(limits);
      ceilings.sawModelLimit('limit:model-cost');
      see(ceilings);
      await ceilings.overrun;
      expect(ceilings).toMatchObject({ limit: 'limit:model-cost', isTimeUp: false });
    } finally {
      vi.useRealTimers();
    }
  });

  test.each<[string, (ceilings: Ceilings) => void]>([
    ['at them', (c) => [c.sawOutput(10), c.sawTasks(4)]],
    ['when the agent has ended already', (c) => [c.end(), c.sawOutput(11), c.sawTasks(5)]],
    [
      'when it has ended and a model is still answered',
      (c) => [c.end(), c.sawModelLimit('limit:model-tokens')],
    ],
  ])('do not end it %s', (_, see) => {
    const ceilings = new Ceilings(limits);
    see(ceilings);
    expect(ceilings).toMatchObject({ limit: undefined, isTimeUp: false });
    ceilings.end();
  });
});
