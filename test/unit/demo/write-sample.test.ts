import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { policyCommand } from '../../../src/cli/policy/command.ts';
import { writeSample } from '../../demo/write-sample.ts';

function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'sallyport-sample-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  return join(parent, 'sample');
}

async function policy(...args: readonly string[]): Promise<string> {
  const written: string[] = [];
  const places = {
    workingDir: resolve('.'),
    policyFile: resolve('policies/default.yml'),
    appId: null,
    github: () => {
      throw new Error('the sample asks nobody');
    },
    write: (text: string) => void written.push(text),
  };
  expect(await policyCommand(args, places)).toBe(0);
  return written.join('');
}

describe('the sample repository', () => {
  it('is explained by the operator’s layer alone where it has none', async () => {
    const { repository } = await writeSample(newFolder(), null);
    expect(await policy('explain', '--repo', repository)).toMatch(/^ {2}repository +none$/m);
  });

  it('is explained and simulated by a policy of its own', async () => {
    const file = 'policies/examples/strict-open-source.yml';
    const { repository, event } = await writeSample(newFolder(), file);
    const said = await policy('explain', '--repo', repository);
    expect(said).toMatch(/^ {2}approvals\.count +2 +repository \.github\/sallyport\.yml:\d+:\d+$/m);
    const given = ['simulate', '--event', event, '--repo', repository];
    expect(await policy(...given)).toMatch(/^ {2}review: waits$/m);
    const known = await policy(...given, '--permission', 'contributor=write');
    expect(known).toMatch(/^ {2}review: runs$/m);
  });

  it('is not written over what is there', async () => {
    const folder = newFolder();
    await writeSample(folder, null);
    await expect(writeSample(folder, null)).rejects.toThrow('EEXIST');
  });
});
