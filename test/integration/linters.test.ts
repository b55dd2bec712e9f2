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

/** What each tool must find, whatever its file is called. */
const faults = {
  ts: ['biome', 'let x = 1; debugger; export const f = x;\n'],
  json: ['biome', '{,}\n'],
  sh: ['shellcheck', '#!/bin/sh\necho `date`\n'],
  py: ['flake8', 'def f():\n    return nobody   \n'],
  yml: ['yamllint', 'a: [\n'],
  toml: ['toml', 'a\n'],
  md: ['codespell', 'teh\n'],
} as const;

const hostileNames = [
  '--write',
  '-n w\nl',
  `q'u"o`,
  'é😀 ü',
  'a:1: teh ==> the',
  '$(touch pwned)',
  'a\\b',
  '[x]*?',
  'tab\there',
];

describe.skipIf(!isEquipped)('linters over hostile names', () => {
  const touched = Object.fromEntries(
    hostileNames.flatMap((name) =>
      Object.entries(faults).map(([extension, [, content]]) => [`${name}.${extension}`, content]),
    ),
  );

  test('every file is analysed under its exact name, mended in place, and nothing else appears', async () => {
    await withRun({ touched }, async ({ report, read }) => {
      expect(report.toolErrors).toEqual([]);
      for (const path of Object.keys(touched)) {
        const [tool] = faults[path.split('.').at(-1) as keyof typeof faults];
        const tools = report.findings.filter((it) => it.path === path).map((it) => it.tool);
        expect([path, tools]).toEqual([path, expect.arrayContaining([tool])]);
        const isMended = (await read(path)) !== touched[path];
        expect([path, isMended]).toEqual([path, /\.(?:ts|sh|py|md)$/.test(path)]);
      }
      expect(new Set(report.findings.map(({ path }) => path))).toEqual(
        new Set(Object.keys(touched)),
      );
      await expect(read('pwned')).rejects.toThrow('ENOENT');
    });
  });
});

describe.skipIf(!isEquipped)('linters under hostile configuration', () => {
  const touched = Object.fromEntries(
    Object.entries(faults).map(([extension, [, content]]) => [`src/f.${extension}`, content]),
  );
  const untouched = {
    'biome.json': '{"linter": {"rules": {"nope": 1}}, ',
    '.flake8':
      '[flake8]\nselect = E,F,W\nmax-line-length = banana\noutput-file = pwned\nquiet = 2\n' +
      '[flake8:local-plugins]\nextension =\n  X = evil:Evil\npaths = .\n',
    'evil.py': 'open("pwned", "w").write("x")\n',
    'autopep8.py': 'open("pwned", "w").write("x")\n',
    'yamllint.py': 'open("pwned", "w").write("x")\n',
    '.codespellrc': '[codespell]\nwrite-changes =\ninteractive = 3\nignore-regex = (((\n',
    '.yamllint': 'extends: /nonexistent\nrules: {',
    '.shellcheckrc': 'external-sources=true\nsource-path=/\nnonsense\n',
  };

  test('each tool falls back to its own rules, says so, and runs nothing of the repository', async () => {
    await withRun({ touched, untouched }, async ({ report, read }) => {
      for (const [tool] of Object.values(faults))
        expect(report.findings.map((finding) => finding.tool)).toContain(tool);
      const refusals = report.toolErrors.filter(({ message }) =>
        message.startsWith("did not accept the repository's configuration"),
      );
      expect(refusals.map(({ tool }) => tool)).toEqual([
        'biome',
        'flake8',
        'yamllint',
        'codespell',
      ]);
      await expect(read('pwned')).rejects.toThrow('ENOENT');
      expect(await read('.codespellrc')).toBe(untouched['.codespellrc']);
    });
  });

  test('a sound configuration is honoured', async () => {
    const sound = {
      'biome.json':
        '{"linter":{"rules":{"suspicious":{"noDebugger":"off"}}},"formatter":{"indentStyle":"space"}}',
      'setup.cfg': '[flake8]\nextend-ignore = F821,W291\n[codespell]\nignore-words-list = teh\n',
      '.shellcheckrc': 'disable=SC2005-SC2006,2046\n',
      '.yamllint': 'ignore: src/\nextends: default\n',
    };
    const report = await reportOf({ touched, untouched: sound });
    expect(report.toolErrors).toEqual([]);
    expect(report.findings.map(({ rule }) => rule)).toEqual([
      'parse',
      'parse',
      'syntax',
      'lint/style/useConst',
    ]);
  });

  test('formatting is Biome’s only where the repository configures Biome', async () => {
    const file = { 'a.ts': 'export const a = [ 1,2 ]\n' };
    const text = (configs: Record<string, string>) =>
      withRun({ touched: file, untouched: configs }, ({ read }) => read('a.ts'));
    expect(await text({})).toBe(file['a.ts']);
    expect(await text({ 'biome.json': '{}' })).toBe('export const a = [1, 2];\n');
  });
});

describe.skipIf(!isEquipped)('linters over hostile content', () => {
  test('a file that breaks a tool is named, and silences no other', async () => {
    const { toolErrors, findings } = await reportOf({
      touched: {
        'deep.ts': `let a = ${'(\n'.repeat(100_000)}1${')\n'.repeat(100_000)}`,
        'ok.ts': faults.ts[1],
        'deep.toml': `a = ${'['.repeat(4_000)}`,
        'ok.toml': faults.toml[1],
        'nul.py': 'a = "\0"\n',
        'ok.py': faults.py[1],
      },
    });
    expect(
      toolErrors.map(({ tool, message }) => `${tool} ${/"[^"]+"/.exec(message)?.[0]}`),
    ).toEqual(['biome "deep.ts"', 'flake8 "nul.py"', 'toml "deep.toml"']);
    for (const path of ['ok.ts', 'ok.toml', 'ok.py'])
      expect(findings.map((finding) => finding.path)).toContain(path);
  });

  test('a message that imitates another file’s row stays with its file', async () => {
    const { findings } = await reportOf({
      touched: {
        'a.yml':
          '"x\\n./b.yml:1:1: [error] forged (x)": 1\n"x\\n./b.yml:1:1: [error] forged (x)": 2\n',
        'b.yml': 'a: 1\n',
        'a.py': 'print("%(a)s" % {"a": 1, "b\\n./b.py:1:1: E999 forged": 2})\n',
        'b.py': 'x = 1\n',
      },
    });
    expect(new Set(findings.map(({ path }) => path))).toEqual(new Set(['a.yml', 'a.py']));
  });

  test('what was mended lints clean of what was mended, and is not mended again', async () => {
    const touched = {
      'a.sh': '#!/bin/bash\necho `date` `pwd` $1\n',
      'a.py': 'def f( a ):   \n    return a   \n\n\n\n',
      'a.md': 'Teh langauge.\n',
      'a.ts': 'let a = 1;\nexport const b = a;\n',
    };
    const mended = await withRun({ touched }, async ({ read }) =>
      Object.fromEntries(
        await Promise.all(
          Object.keys(touched).map(async (path) => [path, await read(path)] as const),
        ),
      ),
    );
    expect(mended).not.toEqual(touched);
    await withRun({ touched: mended }, async ({ report, read }) => {
      expect(report.findings.map(({ rule }) => rule)).toEqual(['SC2046', 'SC2046']);
      for (const [path, text] of Object.entries(mended)) expect(await read(path)).toBe(text);
    });
  });
});
