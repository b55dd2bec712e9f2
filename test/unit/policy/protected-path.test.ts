import { describe, expect, it } from 'vitest';
import { Effort } from '../../../src/policy/effort.ts';
import { protectedPaths } from '../../../src/policy/protected-path.ts';
import { samplePolicy } from '../../support/report/samples.ts';

const policy = samplePolicy();

function protectingPattern(patterns: readonly string[], path: string) {
  return protectedPaths(patterns).find(path, new Effort(10_000));
}

describe('protectedPaths with the default policy', () => {
  it.each([
    '.github/workflows/ci.yml',
    '.GitHub/workflows/ci.yml',
    '.gitHub/CODEOWNERS',
    '.github/actions/x/action.yml',
    '.circleci/config.yml',
    '.husky/pre-commit',
    '.vscode/tasks.json',
    '.devcontainer/devcontainer.json',
    'CODEOWNERS',
    'docs/CODEOWNERS',
    'docs/codeowners',
    'package-lock.json',
    'packages/a/package-lock.json',
    'sub/Cargo.lock',
    'yarn.lock',
    '.gitattributes',
    'sub/.gitattributes',
    '.gitmodules',
    '.npmrc',
    'packages/a/.npmrc',
    '.gitlab-ci.yml',
    '.travis.yml',
    '.pre-commit-config.yaml',
    'ci/Jenkinsfile',
    'azure-pipelines.yml',
    'Pipfile.lock',
    'nix/flake.lock',
    'bun.lockb',
    'gradle.lockfile',
    'packages.lock.json',
    'infra/.terraform.lock.hcl',
    'Package.resolved',
    // Spellings that some file systems take for the same name.
    '.git\u200bhub/workflows/ci.yml',
    '\uff0egithub/workflows/ci.yml',
    // A line break ends what a glob's star matches.
    '.github/workflows/a\n.yml',
    'sub\n/package-lock.json',
    'sub\u2028x/CODEOWNERS',
    '.githu\uff42/workflows/ci.yml',
  ])('protects %j', (path) => {
    expect(protectingPattern(policy.protectedPaths, path)).toBeDefined();
  });

  it.each([
    'src/index.js',
    'README.md',
    'docs/github/x.md',
    'src/package-lock.js',
    'a/b/CODEOWNERS.md',
    'src/lock.ts',
    'src/.hidden.ts',
    'docs/pipelines.yml',
  ])('leaves %j alone', (path) => {
    expect(protectingPattern(policy.protectedPaths, path)).toBeUndefined();
  });

  it('takes an exclamation mark for what it is, so that no pattern protects by negation', () => {
    expect(protectingPattern(['!src/**'], 'docs/a.md')).toBeUndefined();
    expect(protectingPattern(['!src/**'], '!src/a.js')).toBe('!src/**');
  });

  it('takes what only looks like a brace for a letter', () => {
    expect(protectingPattern(['a\uff5bb'], 'A{B')).toBe('a\uff5bb');
  });
});
