import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask, askAndWait, askFor } from '../../../../src/adapters/docker/engine-errors.ts';

const never = () => new Promise<never>(() => undefined);
const later = <T>(value: T, ms: number) =>
  new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));
const fails = (statusCode?: number) => () =>
  Promise.reject(Object.assign(new Error('no'), statusCode === undefined ? {} : { statusCode }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an engine that takes the question and never answers', () => {
  it.each([
    { name: 'asked', asking: () => ask('inspect', never) },
    { name: 'asked for something', asking: () => askFor('remove', never) },
  ])('counts as away after two minutes, $name', async ({ asking }) => {
    const [answer] = await Promise.allSettled([asking(), vi.advanceTimersByTimeAsync(120_000)]);
    expect(answer).toMatchObject({ reason: { code: 'engine.unavailable' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is waited for where the answer comes with an event', async () => {
    const answer = askAndWait('wait', () => later('ended', 600_000));
    await vi.advanceTimersByTimeAsync(600_000);
    await expect(answer).resolves.toBe('ended');
  });
});

describe('an answer of the engine', () => {
  it('leaves no timer behind', async () => {
    await expect(ask('info', () => Promise.resolve('told'))).resolves.toBe('told');
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    { status: undefined, code: 'engine.unavailable' },
    { status: 500, code: 'engine.failed' },
    { status: 404, code: 'engine.failed' },
  ])('with status $status is $code', async ({ status, code }) => {
    await expect(ask('info', fails(status))).rejects.toMatchObject({ code });
    await expect(askAndWait('wait', fails(status))).rejects.toMatchObject({ code });
  });

  it.each([304, 404, 409])('of %i means that the wish is fulfilled', async (status) => {
    await expect(askFor('kill', fails(status))).resolves.toBeUndefined();
  });

  it('of 500 to a wish is a fault', async () => {
    await expect(askFor('kill', fails(500))).rejects.toMatchObject({ code: 'engine.failed' });
  });
});
