import { PassThrough } from 'node:stream';
import type { Container } from 'dockerode';
import { describe, expect, test } from 'vitest';
import { largerUsage, StatsWatch } from '../../../../src/adapters/docker/container-stats.ts';
import { waitFor } from '../../../support/wait-for.ts';

const nothing = { memoryBytes: null, pids: null, cpuMs: null };
const line = (memory: object, pids: object, ns?: number): string =>
  JSON.stringify({
    memory_stats: memory,
    pids_stats: pids,
    cpu_stats: { cpu_usage: { total_usage: ns } },
  });

/** A watch over a container that has only statistics. */
function watching(stats: () => Promise<NodeJS.ReadableStream>): StatsWatch {
  return new StatsWatch({ stats } as unknown as Pick<Container, 'stats'>);
}

describe('the statistics of an engine', () => {
  test.each<[string, string, object]>([
    [
      'peaks of cgroup v1',
      line({ usage: 5, max_usage: 9 }, { current: 3 }, 2_500_000),
      { memoryBytes: 9, pids: 3, cpuMs: 3 },
    ],
    [
      'what is used now on cgroup v2',
      line({ usage: 5 }, { current: 3 }, 1e9),
      { memoryBytes: 5, pids: 3, cpuMs: 1_000 },
    ],
    ['nothing of a container that has ended', line({}, {}, 0), nothing],
    ['nothing where nothing is told', '{}', nothing],
    ['nothing of what is no number', line({ usage: '5' }, { current: null }), nothing],
    ['nothing of half a line', '{"memory_stats":', nothing],
  ])('give %s', (_, said, expected) => {
    expect(largerUsage(nothing, said)).toEqual(expected);
  });

  test('never make known what was known smaller', () => {
    const known = { memoryBytes: 100, pids: 10, cpuMs: 10 };
    expect(largerUsage(known, line({ usage: 5 }, { current: 3 }, 1))).toEqual(known);
  });

  test('are followed line by line, however the stream cuts them, until they are stopped', async () => {
    const stream = new PassThrough();
    const watch = watching(() => Promise.resolve(stream));
    await waitFor('the watch', () => stream.listenerCount('data') || undefined);
    const text = `${line({ usage: 5 }, { current: 3 }, 1e6)}\n`;
    stream.write(text.slice(0, 20));
    stream.write(text.slice(20));
    await waitFor('the numbers', () => watch.usage.pids ?? undefined);
    expect(watch.usage).toEqual({ memoryBytes: 5, pids: 3, cpuMs: 1 });
    watch.stop();
    expect(stream.destroyed).toBe(true);
  });

  test('are no reason to fail when the engine does not give them, or gives a line without an end', async () => {
    const refused = watching(() => Promise.reject(new Error('no')));
    const stream = new PassThrough();
    watching(() => Promise.resolve(stream));
    await waitFor('the watch', () => stream.listenerCount('data') || undefined);
    stream.write('x'.repeat(300_000));
    await waitFor('the end', () => stream.destroyed || undefined);
    expect(refused.usage).toEqual(nothing);
  });
});
