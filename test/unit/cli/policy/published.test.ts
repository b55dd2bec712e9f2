import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { policyCommand } from '../../../../src/cli/policy/command.ts';

const page = readFileSync('docs/policy.md', 'utf8');
const samples = [...page.matchAll(/^```\n\$ sallyport policy (.+)\n([\s\S]*?)\n```$/gm)];

async function outputOf(args: readonly string[]): Promise<readonly string[]> {
  const written: string[] = [];
  await policyCommand(args, {
    workingDir: resolve('.'),
    policyFile: resolve('policies/default.yml'),
    appId: null,
    github: () => {
      throw new Error('a sample asks nobody');
    },
    write: (text) => void written.push(text),
  });
  return written.join('').trimEnd().split('\n');
}

it('docs/policy.md has a sample of each action', () => {
  expect(samples.map(([, command = '']) => command.split(' ')[0])).toEqual([
    'check',
    'explain',
    'simulate',
  ]);
});

/** Lines of the page that are not printed there; `…` stands for lines that the page leaves out. */
function strayLines(shown: readonly string[], printed: readonly string[]): readonly string[] {
  let from = 0;
  const stray = shown.filter((line, index) => {
    if (line === '…') return false;
    const at = printed.indexOf(line, from);
    const mayLeaveOut = shown[index - 1] === '…';
    if (at === -1 || (at > from && !mayLeaveOut)) return true;
    from = at + 1;
    return false;
  });
  const rest = shown.at(-1) === '…' ? [] : printed.slice(from);
  return [...stray, ...rest];
}

it.each(samples.map(([, command = '', shown = '']) => [command, shown.split('\n')] as const))(
  'docs/policy.md shows what %s prints',
  async (command, shown) => {
    expect(strayLines(shown, await outputOf(command.split(' ')))).toEqual([]);
  },
);
