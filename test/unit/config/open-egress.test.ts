import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { openEgress } from '../../../src/open-egress.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'egress-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};

describe('the way out that an operator configures', () => {
  it('has secrets from all sources, the environment first', async () => {
    const print = [process.execPath, '-p', '"sk-told-" + process.argv[1]', '--'];
    const { credentials } = openEgress(
      readConfig({
        SALLYPORT_CREDENTIAL_A: 'sk-variable',
        SALLYPORT_CREDENTIALS_FILE: file('keys.yml', 'a: sk-file-a\nb: sk-file-b'),
        SALLYPORT_CREDENTIALS_COMMAND: JSON.stringify(print),
      }),
    );
    const all = await Promise.all(['a', 'b', 'c'].map(async (name) => credentials.get(name)?.()));
    expect(all).toEqual(['sk-variable', 'sk-file-b', 'sk-told-c']);
  });

  it('has prices as they ship, or of the operator’s file', () => {
    expect(openEgress(readConfig({})).prices.models).toHaveProperty('claude-sonnet-4-5');
    const prices = file(
      'prices.yml',
      'version: 1\nasOf: 2026-11-01\nmodels:\n  mine: { input: 1, output: 2, cacheRead: 1, cacheWrite: 1, cacheWriteHour: 1 }',
    );
    expect(openEgress(readConfig({ SALLYPORT_PRICES: prices })).prices).toMatchObject({
      asOf: '2026-11-01',
      models: { mine: { output: 2 } },
    });
    const wrong = readConfig({ SALLYPORT_PRICES: file('wrong.yml', 'version: 1') });
    expect(() => openEgress(wrong)).toThrow('wrong.yml: asOf');
    const none = readConfig({ SALLYPORT_PRICES: join(folder, 'none') });
    expect(() => openEgress(none)).toThrow('SALLYPORT_PRICES: the file cannot be read');
  });
});
