import { describe, expect, it } from 'vitest';
import type { PolicyFault } from '../../../../src/policy/fault.ts';
import { policyFaultText } from '../../../../src/report/policy/fault-text.ts';

const fault: PolicyFault = {
  code: 'loosens',
  path: 'limits.pids',
  message: '1024 is more than 512, the ceiling above',
  at: { layer: 'repository', file: 'repo.yml', line: 2, column: 17 },
};
const above = { layer: 'operator', file: 'op.yml', line: 1, column: 7 } as const;
const texts = new Map([
  ['repo.yml', 'version: 1\r\nlimits: { pids: 1024 }\r\n'],
  ['op.yml', 'pids: 512'],
]);

describe('policyFaultText', () => {
  it('shows the line with a caret under the place', () => {
    expect(policyFaultText(fault, texts)).toBe(
      [
        'repo.yml:2:17: limits.pids: 1024 is more than 512, the ceiling above',
        '    2 | limits: { pids: 1024 }',
        '      |                 ^',
        '',
      ].join('\n'),
    );
  });

  it('shows the line of the layer above as well', () => {
    expect(
      policyFaultText({ ...fault, above }, texts)
        .split('\n')
        .slice(3),
    ).toEqual(['  op.yml:1:7: the operator says', '    1 | pids: 512', '      |       ^', '']);
  });

  it.each([
    ['a file whose text is not there', 'gone.yml', 1],
    ['a line that is not there', 'op.yml', 9],
    ['an empty line', 'repo.yml', 3],
  ])('shows no line of %s', (_what, file, line) => {
    const at = { ...fault.at, file, line };
    expect(policyFaultText({ ...fault, at }, texts).split('\n')).toHaveLength(2);
  });

  it('lets nothing of a hostile file drive a terminal, or start a line of its own', () => {
    const message = 'a\u001b[2Jb\n::error::c';
    const hostile = new Map([['repo.yml', 'x\nkey: \u001b]0;t\u0007\u202ev']]);
    const text = policyFaultText({ ...fault, message, path: '\u009bK' }, hostile);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    expect(text).not.toMatch(/^::/m);
    expect(text).toContain('[U+202E]');
  });
});
