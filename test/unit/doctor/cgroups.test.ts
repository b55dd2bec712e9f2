import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cgroupsOf, cgroupUsage } from '../../../src/doctor/cgroups.ts';

describe("the kernel's counters of a container", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-cgroup-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const lay = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  };
  const v1 = {
    'pids.current': '7\n',
    'pids.max': '96\n',
    'memory.max_usage_in_bytes': '1024\n',
    'cpuacct.usage': '5000000\n',
  };
  const v2 = {
    'pids.current': '7\n',
    'pids.max': '96\n',
    'memory.current': '512\n',
    'memory.peak': '1024\n',
    'cpu.stat': 'usage_usec 5000\nuser_usec 1\n',
  };

  it.each([
    ['v1', v1],
    ['v2', v2],
  ])('are read from cgroup %s', async (_version, files) => {
    await lay(files);
    const usage = { pids: 7, mostPids: 96, memoryBytes: 1024, cpuMs: 5, atMs: 1 };
    expect(await cgroupUsage([folder], 1)).toEqual(usage);
  });

  it('know a ceiling that is none', async () => {
    await lay({ ...v1, 'pids.max': 'max\n' });
    expect((await cgroupUsage([folder], 1))?.mostPids).toBe(Number.POSITIVE_INFINITY);
  });

  it('are unknown when one of them is missing', async () => {
    const { 'cpuacct.usage': _missing, ...rest } = v1;
    await lay(rest);
    expect(await cgroupUsage([folder], 1)).toBeUndefined();
    expect(await cgroupUsage([], 1)).toBeUndefined();
    expect(await cgroupsOf('')).toEqual([]);
  });
});
