import { join } from 'node:path';
import { createRepository, manyFiles, type TestFile, type TestRepository } from './repositories.ts';

/** One kind of pull request that people send, with what a correct review of it says. */
export interface InputCase {
  readonly name: string;
  readonly base: readonly TestFile[];
  readonly head: readonly TestFile[];
  /** Every finding of severity error, as `path:line`. */
  readonly errors: readonly string[];
  /** Files of which line 2 ends in blanks, which a fix takes away. */
  readonly mendable: readonly string[];
  /** What the agent is not given, as `path (reason)`. */
  readonly omitted: readonly string[];
  /** Rules of the notes about files that are given but not analysed, as `path rule`. */
  readonly notes: readonly string[];
}

const mebibyte = 1024 * 1024;

/** Python whose line 5 names what does not exist (flake8's F821, an error) and whose line 2 can be mended. */
const faulty = 'def total(parcels):\n    return len(parcels)   \n\n\nprint(totl)\n';
const sound = 'def total(parcels):\n    return len(parcels)\n';

/** Names that a shell, a parser of lines, an option reader or a terminal would take for something else. */
const names = [
  'with space.py',
  'quo"te.py',
  "apo'strophe.py",
  'back\\slash.py',
  'new\nline.py',
  'tab\tstop.py',
  'ünï-文-😀.py',
  '-rf.py',
  '--help.py',
  '-/--/dash.py',
  '$(touch pwned);`id`.py',
  '*.py',
  '%0a::error::.py',
  '\u001b[31mred.py',
  '@everyone #1 <img src=x>.py',
];

/** 20 files of 50 new lines, each with one error on its line 30, among 5,000 that stay as they are. */
const changedFiles = Array.from({ length: 20 }, (_, index) => `app/part${index}.py`);
const fiftyLines = Array.from({ length: 50 }, (_, index) =>
  index === 29 ? 'PART = missing' : `VALUE_${index} = ${index}`,
).join('\n');

const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(2_000)]);

/** The list of the issue: large, oddly named, empty, deleted, binary, linked, foreign, big. */
export const inputCases: readonly InputCase[] = [
  inputCase('5,000 files and 1,000 changed lines', {
    base: manyFiles(5_000, 400),
    head: [
      ...manyFiles(5_000, 400),
      ...changedFiles.map((path) => ({ path, content: `${fiftyLines}\n` })),
    ],
    errors: changedFiles.map((path) => `${path}:30`),
  }),
  inputCase('names of every kind', {
    base: names.slice(0, 5).map((path) => ({ path, content: sound })),
    head: names.map((path) => ({ path, content: faulty })),
    errors: names.map((path) => `${path}:5`),
    mendable: names,
  }),
  inputCase('a name that is not UTF-8', {
    head: [
      { path: Buffer.from('caf\xe9.py', 'latin1'), content: faulty },
      { path: 'plain.py', content: faulty },
    ],
    errors: ['plain.py:5'],
    mendable: ['plain.py'],
    omitted: ['caf\ufffd.py (not-utf8-path)'],
  }),
  inputCase('an empty diff', {
    base: [{ path: 'same.py', content: faulty }],
    head: [{ path: 'same.py', content: faulty }],
  }),
  inputCase('a deleted file', {
    base: [
      // Unlike the others, or it would be taken for a rename to one of them.
      { path: 'gone.py', content: 'GONE = 1\nprint(gone)\n' },
      { path: 'gone/deep.sh', content: '#!/bin/sh\ncd $1\n' },
    ],
  }),
  inputCase('a binary', {
    base: [{ path: 'logo.png', content: png }],
    head: [
      { path: 'logo.png', content: Buffer.concat([png, Buffer.from([1, 2, 3])]) },
      { path: 'binary.py', content: Buffer.concat([png, Buffer.from(faulty)]) },
    ],
  }),
  inputCase('symlinks that point outside', {
    base: [{ path: 'was-file.py', content: sound }],
    head: [
      { path: 'was-file.py', content: '/etc/passwd', mode: '120000' },
      { path: 'up.py', content: '../../../../etc/shadow', mode: '120000' },
      { path: 'root', content: '/', mode: '120000' },
      { path: 'dangling.sh', content: 'nowhere', mode: '120000' },
      { path: 'loop', content: 'loop', mode: '120000' },
      { path: 'beside.py', content: faulty },
    ],
    errors: ['beside.py:5'],
    mendable: ['beside.py'],
  }),
  inputCase('a submodule', {
    head: [
      { path: 'vendored', content: 'a'.repeat(40), mode: '160000' },
      {
        path: '.gitmodules',
        content: '[submodule "v"]\n\tpath = vendored\n\turl = https://example.org/v.git\n',
      },
    ],
    omitted: ['vendored (submodule)'],
  }),
  inputCase('a 10 MB file', {
    head: [{ path: 'ten.py', content: `${'# filler\n'.repeat(1_165_000)}print(totl)\n` }],
    notes: ['ten.py skipped/too-large'],
  }),
  inputCase('a file over the limit of the policy', {
    base: [{ path: 'huge.txt', content: 'small\n' }],
    head: [{ path: 'huge.txt', content: Buffer.alloc(33 * mebibyte, 'huge line\n') }],
    omitted: ['huge.txt (too-large)'],
  }),
];

/** All of it in one pull request. */
export const everything: InputCase = inputCase('everything at once', {
  base: inputCases.flatMap((one) => one.base),
  head: inputCases.flatMap((one) => one.head),
  errors: inputCases.flatMap((one) => one.errors),
  mendable: inputCases.flatMap((one) => one.mendable),
  omitted: inputCases.flatMap((one) => one.omitted),
  notes: inputCases.flatMap((one) => one.notes),
});

function inputCase(name: string, parts: Partial<Omit<InputCase, 'name'>>): InputCase {
  return { base: [], head: [], errors: [], mendable: [], omitted: [], notes: [], ...parts, name };
}

/** A repository with nothing in its working tree, and a way to put a case into it. */
export async function inputRepository(folder: string): Promise<{
  readonly path: string;
  readonly commit: (input: InputCase) => Promise<{ readonly base: string; readonly head: string }>;
}> {
  const path = join(folder, 'repository with "quotes" & spaces');
  const repository = await createRepository(path);
  return { path, commit: (input) => commitCase(repository, input) };
}

async function commitCase(repository: TestRepository, { base, head }: InputCase) {
  const readme = { path: 'README.md', content: '# Input\n' };
  const from = await repository.commit([readme, ...base]);
  const to = await repository.commit([readme, ...head], { parents: [from] });
  // A name for each, or nobody could fetch them.
  await repository.git(['update-ref', 'refs/heads/main', from]);
  await repository.git(['update-ref', `refs/heads/head-${to.slice(0, 12)}`, to]);
  return { base: from, head: to };
}
