import { writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dropLease, sweepLeases, takeLease } from '../../../scripts/setup/engine-leases.ts';
import { startTicks } from '../../../scripts/setup/processes.ts';
import { tempFolder } from './temp-folder.ts';

describe('engine leases', () => {
  it('counts each lease of one process until it is dropped', () => {
    const folder = join(tempFolder(), 'leases');
    const [one, two] = [takeLease(folder), takeLease(folder)];
    expect(sweepLeases(folder)).toBe(2);
    dropLease(one);
    dropLease(one);
    expect(sweepLeases(folder)).toBe(1);
    dropLease(two);
    expect(sweepLeases(folder)).toBe(0);
  });

  it.each([
    ['a process that is gone', '4194304-1-a'],
    ['a later process with the same pid', `${process.pid}-1-a`],
    ['a name that is no lease', 'lease'],
    ['a pid that is not a number', `x-${startTicks(process.pid)}-a`],
  ])('sweeps the lease of %s', async (_, name) => {
    const folder = tempFolder();
    writeFileSync(join(folder, name), '');
    expect(sweepLeases(folder)).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('startTicks', () => {
  it('is a number for a process that runs, the same each time', () => {
    expect(startTicks(process.pid)).toMatch(/^\d+$/);
    expect(startTicks(process.pid)).toBe(startTicks(process.pid));
  });

  it('is nothing for a process that does not', () => {
    expect(startTicks(4_194_304)).toBeUndefined();
  });
});
