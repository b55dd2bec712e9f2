import { taskIdFor } from '../../../src/domain/ids.ts';

/** A task input without faults. */
export const taskInput = {
  protocol: 2,
  taskId: taskIdFor('x', 'fix'),
  kind: 'fix',
  agent: 'linters',
  headSha: 'a'.repeat(40),
  baseSha: 'b'.repeat(40),
  instructions: 'only typos',
  changedFiles: [
    {
      path: 'src/a.js',
      previousPath: null,
      status: 'modified',
      kind: 'text',
      addedLines: [[1, 3]],
    },
  ],
  sourceDateEpoch: 1_700_000_000,
  limits: { agentMs: 1_000, resultBytes: 1_000, resultFiles: 10, findings: 10 },
};

/** A manifest without faults. */
export const resultManifest = {
  protocol: 2,
  agent: { exitCode: 0, signal: null, timedOut: false },
  report: {
    findings: [],
    tools: [{ name: 'ruff', version: '0.9.1' }],
    toolErrors: [{ tool: 'eslint', message: 'no configuration' }],
  },
  reportError: null,
  changes: [
    { kind: 'write', path: 'src/a.js', executable: false, bytes: 3 },
    { kind: 'delete', path: 'src/b.js' },
    { kind: 'refused', path: 'src/c', reason: 'symlink' },
  ],
};

/** Hostile values that a lax parser would take: names that mean something to JavaScript or to an operator. */
export const strangeKeys: readonly (readonly [what: string, json: string])[] = [
  ['__proto__', '"__proto__":{"isAdmin":true}'],
  ['constructor', '"constructor":{"prototype":{"isAdmin":true}}'],
  ['prototype', '"prototype":{}'],
  ['a token', '"token":"ghs_x"'],
  ['an authorization', '"authorization":"Bearer x"'],
  ['an environment', '"env":{"GITHUB_TOKEN":"x"}'],
  ['an API key', '"apiKey":"sk-x"'],
  ['a key with other letters for its own', '"protoсol":1'],
];

/** `value` as JSON with one more key at its front. */
export function withKey(value: object, key: string): unknown {
  return JSON.parse(`{${key},${JSON.stringify(value).slice(1)}`);
}
