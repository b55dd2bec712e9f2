import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldPath } from '../../../src/domain/path-fold.ts';
import { Effort } from '../../../src/policy/effort.ts';
import { GlobList } from '../../../src/policy/glob-list.ts';
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

  it.each([
    // Folds to a slash, and so to another number of segments.
    ['infra/*.tf', 'infra/x\u2100.tf'],
    ['infra/*.tf', 'INFRA/x\u2101.TF'],
    ['infra/*', 'infra/\uff0f'],
    ['infra/x\u2100.tf', 'infra/X\u2100.tf'],
    ['infra/x\u2100.tf', 'infra/xa/c.tf'],
    ['.github/**', '.github\uff0fworkflows/ci.yml'],
    ['\uff0egithub\uff0f**', '.github/workflows/ci.yml'],
    // Folds to more letters than it has.
    ['.env?', '.env\u00df'],
    ['.env?', '.ENV\ufb01'],
    ['.env??', '.env\u00df'],
    // Folds into the letter before it.
    ['infra/a*.tf', 'infra/a\u0301.tf'],
    ['infra/*e', 'infra/\u0301e'],
    // Folds by what follows it.
    [
      '\u03ba\u03c9\u03b4\u03b9\u03ba\u03b1\u03c3*',
      '\u039a\u03a9\u0394\u0399\u039a\u0391\u03a3\u0395\u03a3',
    ],
    ['\u03ba\u03b1\u03c2*', '\u039a\u0391\u03a3\u0391'],
    // Folds to nothing.
    ['infra/?', 'infra/\u200b'],
    ['infra/*.tf', 'infra/\u2060.tf'],
  ])('does not lose what %j says where it folds %j', (pattern, path) => {
    expect(protectingPattern([pattern], path)).toBe(pattern);
  });

  it('protects whatever the glob takes letter by letter, and all that folds to that', () => {
    const letters = constantFrom(
      'a',
      'A',
      '.',
      '/',
      '*',
      '\u00df',
      '\u2100',
      '\u0301',
      '\uff0f',
      '\u03a3',
      '\u200b',
      '\ufb01',
      '\u0130',
    );
    const names = array(letters, { minLength: 1, maxLength: 6 }).map((all) => all.join(''));
    assert(
      property(names, names, (pattern, path) => {
        const effort = new Effort(10_000);
        const isTaken = new GlobList([pattern]).takes(path, effort) === true;
        const folded = new GlobList([foldPath(pattern)]).takes(foldPath(path), effort) === true;
        return !(isTaken || folded) || protectingPattern([pattern], path) === pattern;
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes what only looks like a brace for a letter', () => {
    expect(protectingPattern(['a\uff5bb'], 'A{B')).toBe('a\uff5bb');
  });
});
