import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ensureSystemPackages,
  findProgram,
  type Machine,
  type SystemPackage,
} from '../../../scripts/setup/system-packages.ts';
import { tempFolder } from './temp-folder.ts';

/** A machine that has what it is told, and records what was installed. */
class FakeMachine implements Machine {
  readonly installed: SystemPackage[] = [];
  readonly isDebian: boolean;
  readonly isRoot: boolean;
  readonly #present: readonly string[];

  constructor(facts: { present?: readonly string[]; isDebian?: boolean; isRoot?: boolean }) {
    this.#present = facts.present ?? [];
    this.isDebian = facts.isDebian ?? true;
    this.isRoot = facts.isRoot ?? true;
  }

  has(evidence: string): boolean {
    return this.#present.includes(evidence);
  }

  install(names: readonly SystemPackage[]): Promise<void> {
    this.installed.push(...names);
    return Promise.resolve();
  }
}

describe('ensureSystemPackages', () => {
  it('installs what is missing and nothing else', async () => {
    const machine = new FakeMachine({ present: ['git', 'dockerd'] });
    await ensureSystemPackages(['git', 'docker.io', 'runsc', 'strace'], machine);
    expect(machine.installed).toEqual(['runsc', 'strace']);
  });

  it('leaves a machine alone that lacks nothing, whatever it is', async () => {
    const machine = new FakeMachine({ present: ['git'], isDebian: false, isRoot: false });
    await ensureSystemPackages(['git'], machine);
    expect(machine.installed).toEqual([]);
  });

  it('tells a user who is not root the command to run', async () => {
    const machine = new FakeMachine({ isRoot: false });
    await expect(ensureSystemPackages(['git', 'docker.io'], machine)).rejects.toThrow(
      'apt-get install --no-install-recommends git docker.io',
    );
    expect(machine.installed).toEqual([]);
  });

  it('names the programs, not the packages, where there is no Debian', async () => {
    const machine = new FakeMachine({ isDebian: false });
    await expect(ensureSystemPackages(['docker.io', 'runsc'], machine)).rejects.toThrow(
      'lacks dockerd, runsc',
    );
    expect(machine.installed).toEqual([]);
  });
});

describe('findProgram', () => {
  it('takes the first folder of PATH that has the program', () => {
    const [first, second] = [tempFolder(), tempFolder()];
    for (const folder of [first, second]) {
      writeFileSync(join(folder, 'some-daemon'), '');
      chmodSync(join(folder, 'some-daemon'), 0o755);
    }
    const env = { PATH: `/nonexistent:${first}:${second}` };
    expect(findProgram('some-daemon', env)).toBe(join(first, 'some-daemon'));
  });

  it('finds nothing for a program that is nowhere', () => {
    expect(findProgram('no-such-daemon', { PATH: tempFolder() })).toBeUndefined();
  });
});
