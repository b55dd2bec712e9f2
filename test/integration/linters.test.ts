import { describe, expect, test } from 'vitest';
import { execWithin } from '../../workers/agents/linters/exec.ts';
import { type MadePullRequest, reportOf, toolPath, withRun } from '../unit/linters/pull-request.ts';

const exec = execWithin({
  toolPath,
  home: '/tmp',
  timeoutMs: 20_000,
  remainingMs: () => 20_000,
  maxOutputBytes: 100_000,
});

async function hasTools(): Promise<boolean> {
  for (const tool of ['biome', 'shellcheck', 'codespell', 'yamllint', 'flake8', 'autopep8']) {
    const answer = await exec({ tool, args: ['--version'], cwd: '/tmp' });
    if (!answer.ok || answer.code !== 0) {
      console.error(`skipped: ${tool} is not installed; see docs/linters.md for the packages`);
      return false;
    }
  }
  return true;
}

const isEquipped = await hasTools();

/** One file for each tool, with something to find and, where the tool can, something to mend. */
const sample = {
  'src/a.ts': 'let x = 1;\nconst s = "é😀"; if (s === "a") { debugger }\nexport const f = x;\n',
  'bin/b.sh': '#!/bin/bash\n\techo "é😀" $1 `date`\n',
  'p.py': 'def f():\n    x = "é😀";  return nobody   \n\n\ns = """\nfoo   \n"""\n',
  'bad.yml': 'a: [\nb: 1\n',
  'bad.toml': 'a = 1\na = 2\n',
  'bad.json': '{"a": 1,}\n',
  'R.md': 'Teh wich `teh` langauge.\n',
} as const;

function rows(report: { findings: readonly { [key: string]: unknown }[] }): string[] {
  return report.findings.map((finding) => {
    const { tool, rule, severity, path, range } = finding as {
      tool: string;
      rule: string;
      severity: string;
      path: string;
      range?: { startLine: number; startColumn?: number };
    };
    return `${severity} ${path}:${range?.startLine ?? 0}:${range?.startColumn ?? 0} ${tool}/${rule}`;
  });
}

describe.skipIf(!isEquipped)('linters over real tools', () => {
  test('each tool finds its fault, placed in UTF-16 columns, worst first', async () => {
    const report = await reportOf({ touched: sample });
    expect(report.toolErrors).toEqual([]);
    expect(rows(report)).toEqual([
      'error bad.json:1:9 biome/parse',
      'error bad.toml:2:6 toml/syntax',
      'error bad.yml:2:0 yamllint/syntax',
      'error p.py:2:24 flake8/F821',
      'error src/a.ts:2:35 biome/lint/suspicious/noDebugger',
      'warning bin/b.sh:2:16 shellcheck/SC2046',
      'warning p.py:2:5 flake8/F841',
      'warning src/a.ts:1:1 biome/lint/style/useConst',
      'info R.md:1:1 codespell/misspelling',
      'info R.md:1:5 codespell/misspelling',
      'info R.md:1:16 codespell/misspelling',
      'info bin/b.sh:2:13 shellcheck/SC2086',
      'info bin/b.sh:2:16 shellcheck/SC2006',
      'info p.py:2:30 flake8/W291',
      'info p.py:6:4 flake8/W291',
    ]);
  });

  test('a review mends safely, and leaves strings, code spans and broken files alone', async () => {
    await withRun({ touched: sample }, async ({ read }) => {
      expect(await read('src/a.ts')).toMatch(/^const x = 1;\n/);
      expect(await read('bin/b.sh')).toBe('#!/bin/bash\n\techo "é😀" "$1" $(date)\n');
      expect(await read('p.py')).toBe(sample['p.py'].replace('nobody   ', 'nobody'));
      expect(await read('R.md')).toBe('The which `teh` language.\n');
      expect(await read('bad.yml')).toBe(sample['bad.yml']);
    });
  });

  test('a fix does not apply quoting, which changes what runs', async () => {
    await withRun({ touched: sample, kind: 'fix' }, async ({ read }) => {
      expect(await read('bin/b.sh')).toBe('#!/bin/bash\n\techo "é😀" $1 $(date)\n');
    });
  });

  test('two runs give the same bytes, report and files', async () => {
    const run = (made: MadePullRequest) =>
      withRun(made, async ({ reportBytes, read }) => [
        reportBytes,
        ...(await Promise.all(Object.keys(sample).map(read))),
      ]);
    expect(await run({ touched: sample })).toEqual(await run({ touched: sample }));
  });
});
