import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../src/errors.ts';
import { parsePolicy } from '../../../src/policy/parse-policy.ts';

const shipped = readFileSync('policies/default.yml', 'utf8');

function faultOf(text: string): string {
  try {
    parsePolicy(text, 'p.yml');
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'policy.invalid') return error.message;
    throw error;
  }
  return 'no fault';
}

describe('parsePolicy', () => {
  it('lets nothing out by the policy that ships', () => {
    const { rules, modelRoutes, allowAddresses } = parsePolicy(shipped, 'p.yml').policy.egress;
    expect([rules, modelRoutes, allowAddresses]).toEqual([[], [], []]);
  });

  it('takes the policy that ships, and names its bytes', () => {
    const first = parsePolicy(shipped, 'p.yml');
    expect(first.policy.check.name).toBe('sallyport');
    expect(parsePolicy(shipped, 'other').digest).toBe(first.digest);
    expect(parsePolicy(`${shipped}\n# x`, 'p.yml').digest).not.toBe(first.digest);
  });

  it.each([
    [
      'a wrong value',
      shipped.replace('failOn: error', 'failOn: fatal'),
      /p\.yml:\d+:\d+: conclusion\.failOn/,
    ],
    [
      'an unknown key',
      shipped.replace('version: 1', 'version: 1\nvresion: 2'),
      /p\.yml:1:1: policy: .*vresion/,
    ],
    ['a missing key', shipped.replace('drafts: false', ''), /drafts/],
    [
      'no protected paths',
      shipped.replace(/protectedPaths:\n(?:(?: {2}.*)?\n)+/, 'protectedPaths: []\n'),
      /protectedPaths/,
    ],
    ['a duplicate key', `${shipped}\nversion: 1`, /p\.yml:\d+:\d+: /],
    ['broken YAML', 'version: [', /p\.yml:1:\d+/],
    ['nothing', '', /policy: /],
    [
      'a limit that is no number',
      shipped.replace('pids: 512', 'pids: many'),
      /p\.yml:\d+:\d+: limits\.pids/,
    ],
    ['a limit below its floor', shipped.replace('pids: 512', 'pids: 0'), /limits\.pids/],
  ])('refuses %s and names the place', (_what, text, message) => {
    expect(faultOf(text)).toMatch(message);
  });

  it('refuses aliases, so that no document can grow when it is read', () => {
    const laughs = shipped
      .replace('name: sallyport', 'name: &a sallyport')
      .replace("'**/.npmrc'", '*a');
    expect(() => parsePolicy(laughs, 'p.yml')).toThrow(/alias/i);
  });
});
