import { describe, expect, it } from 'vitest';
import {
  containerLabels,
  type LabelledContainer,
  overdue,
  reaped,
} from '../../../../src/adapters/docker/container-labels.ts';
import { taskIdFor } from '../../../../src/domain/ids.ts';
import type { SandboxSpec } from '../../../../src/ports/sandbox.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const nowMs = Date.UTC(2026, 0, 1);
const limits = { wallClockMs: 10 * minuteMs };
const spec = { taskId: taskIdFor('one', 'review'), ownerId: 'runner-1', limits } as SandboxSpec;

function container(part: Partial<LabelledContainer> = {}): LabelledContainer {
  const labels = containerLabels(spec, nowMs);
  return { id: 'c1', labels, createdAtMs: nowMs, idleSinceMs: null, ...part };
}

function expiring(value: string): LabelledContainer {
  return container({ labels: { ...containerLabels(spec, nowMs), 'io.sallyport.expires': value } });
}

describe('a container that runs', () => {
  it('may be removed by anybody when wall clock and grace are over, and not before', () => {
    expect(overdue(container(), nowMs + 25 * minuteMs)).toBeUndefined();
    expect(overdue(container(), nowMs + 25 * minuteMs + 1)).toBe('expired');
  });

  it('has the time for which it waits on top', () => {
    const labels = containerLabels({ ...spec, waitMs: 60 * minuteMs }, nowMs);
    expect(overdue(container({ labels }), nowMs + 85 * minuteMs)).toBeUndefined();
    expect(overdue(container({ labels }), nowMs + 85 * minuteMs + 1)).toBe('expired');
  });

  it.each([
    ['no number', 'never'],
    ['nothing', ''],
    ['a negative number', '-5'],
    ['a number with an exponent', '9e9'],
    ['more digits than a time has', '9'.repeat(30)],
    ['the year 9999', '253370764800'],
    ['a number and more', '253370764800; --'],
  ])('is not protected by a label with %s', (_what, value) => {
    expect(overdue(expiring(value), nowMs + dayMs)).toBeUndefined();
    expect(overdue(expiring(value), nowMs + dayMs + 1)).toBe('expired');
  });

  it('is not protected by having no labels, or those of any object', () => {
    for (const labels of [{}, { constructor: 'x' }])
      expect(overdue(container({ labels }), nowMs + dayMs + 1)).toBe('expired');
  });
});

describe('a container that ended, or never started', () => {
  it('is its owner’s for ten minutes', () => {
    const ended = container({ idleSinceMs: nowMs });
    expect(overdue(ended, nowMs + 10 * minuteMs)).toBeUndefined();
    expect(overdue(ended, nowMs + 10 * minuteMs + 1)).toBe('ended');
  });
});

describe('what is told of one that was removed', () => {
  it('names owner and task', () => {
    const { taskId } = spec;
    const told = { containerId: 'c1', ownerId: 'runner-1', taskId, why: 'expired' };
    expect(reaped(container(), 'expired')).toEqual(told);
  });

  it.each(['', '../../etc', 'x'.repeat(10_000), '\u0000'])(
    'has no task for the label %j',
    (text) => {
      const labels = { 'io.sallyport.owner': text, 'io.sallyport.task': text };
      const told = reaped(container({ labels }), 'unwanted');
      expect(told.taskId).toBeNull();
      expect(told.ownerId.length).toBeLessThanOrEqual(64);
    },
  );
});
