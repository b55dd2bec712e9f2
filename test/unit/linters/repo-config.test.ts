import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { matchesPattern } from '../../../workers/agents/linters/glob.ts';
import { readIniSection } from '../../../workers/agents/linters/ini.ts';
import { readRepoConfig } from '../../../workers/agents/linters/repo-config.ts';
import { isSkipped } from '../../../workers/agents/linters/tools/codespell-config.ts';
import { reduceFlake8Config } from '../../../workers/agents/linters/tools/flake8-config.ts';
import {
  isDisabled,
  parseShellcheckRc,
} from '../../../workers/agents/linters/tools/shellcheck-rc.ts';

describe('INI sections', () => {
  test('values, continuations and comments are read as configparser reads them', () => {
    const text = '[a]\nx = 1\n# no\n\n[b]\nKey: one,\n    two\n; no\nother=3\nbroken\n[a]\ny=2\n';
    expect([...(readIniSection(text, 'b') ?? [])]).toEqual([
      ['key', 'one,\ntwo'],
      ['other', '3'],
    ]);
    expect([...(readIniSection(text, 'a') ?? [])]).toEqual([
      ['x', '1'],
      ['y', '2'],
    ]);
  });

  test('a section that is not there is null, an empty one is not', () => {
    expect(readIniSection('[a]\n', 'b')).toBeNull();
    expect(readIniSection('[a]\n', 'a')?.size).toBe(0);
  });
});

describe('flake8 configuration', () => {
  test('keys that load code, write files or hide output are dropped', () => {
    const text =
      '[flake8]\nmax_line_length = 100\nignore =\n  E501,\n  W503\noutput-file = x\nformat = pylint\nquiet = 2\nrequire-plugins = x\n[flake8:local-plugins]\npaths = .\n';
    expect(reduceFlake8Config(text)).toEqual({
      text: '[flake8]\nmax-line-length = 100\nignore = E501,\n    W503\n',
      isOwn: false,
      notes: ["did not run the repository's local plugins"],
    });
  });

  test('a file without its section is no configuration', () => {
    expect(reduceFlake8Config('[metadata]\nname = x\n')).toBeNull();
  });
});

describe('shellcheck configuration', () => {
  test('codes, ranges and dialects are read; what reads other files is not', () => {
    const rc = parseShellcheckRc(
      'disable=SC2086,2034 # why\ndisable=SC3000-SC3999\nenable=quote-safe-variables,$(x)\nshell=bash\nsource-path=/etc\nexternal-sources=true\nshell=zsh;id\n',
    );
    expect(rc).toEqual({
      disabled: [
        [2086, 2086],
        [2034, 2034],
        [3000, 3999],
      ],
      enable: ['quote-safe-variables'],
      shell: 'bash',
    });
    expect([2086, 2087, 3010].map((code) => isDisabled(rc, code))).toEqual([true, false, true]);
  });
});

test('a shellcheck configuration may list codes and checks without number', () => {
  const rc = parseShellcheckRc(`disable=${'1,'.repeat(300_000)}2\nenable=${'a,'.repeat(300_000)}b`);
  expect(rc.disabled).toHaveLength(300_001);
  expect(rc.enable).toEqual(['a', 'b']);
});

describe('codespell skip patterns', () => {
  test.each([
    ['vendor/a.txt', 'vendor', true],
    ['vendor/a.txt', './vendor', true],
    ['vendor/a.txt', './vendor/*', true],
    ['src/a.svg', '*.svg', true],
    ['src/a.svgx', '*.svg', false],
    ['src/vendored/a', 'vendor', false],
  ])('%s against %s: %s', (path, pattern, expected) => {
    expect(isSkipped(path, [pattern])).toBe(expected);
  });

  test('a pattern made to explode ends at once', () => {
    expect(matchesPattern('a'.repeat(2_000), `${'*a'.repeat(500)}b`)).toBe(false);
    expect(matchesPattern('abc', 'a?c')).toBe(true);
    expect(matchesPattern('abc', '')).toBe(false);
  });
});

test('a configuration that is a link, a folder or absent is not read', async () => {
  const root = await mkdtemp(join(tmpdir(), 'linters-config-'));
  try {
    await writeFile(join(root, 'real'), 'x');
    await symlink('/etc/passwd', join(root, 'link'));
    const read = await Promise.all(
      ['real', 'link', '.', 'absent'].map((p) => readRepoConfig(root, p)),
    );
    expect(read).toEqual(['x', null, null, null]);
  } finally {
    await rm(root, { recursive: true });
  }
});
