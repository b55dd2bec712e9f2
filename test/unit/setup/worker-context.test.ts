import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { workerBundles } from '../../../scripts/setup/worker-bundle.ts';
import { workerContext, workerInputs } from '../../../scripts/setup/worker-context.ts';
import { tempFolder } from './temp-folder.ts';

const NODE = `node_modules/node-linux-${process.arch}`;
const BIOME = `node_modules/@biomejs/cli-linux-${process.arch}`;
const LOCK = {
  packages: { [NODE]: { integrity: 'sha512-n' }, [BIOME]: { integrity: 'sha512-b' } },
};

const TREE: Readonly<Record<string, string>> = {
  'package-lock.json': JSON.stringify(LOCK),
  'workers/Dockerfile': 'FROM scratch\n',
  'workers/supervisor/main.ts': "import { hello } from './hello.ts';\nconsole.log(hello);\n",
  'workers/supervisor/hello.ts': "export const hello: string = 'hello';\n",
  'workers/agents/linters/main.ts': "console.log('linters');\n",
  [`${NODE}/bin/node`]: 'ELF node',
  [`${BIOME}/biome`]: 'ELF biome',
};

function workingTree(changes: Readonly<Record<string, string>> = {}): string {
  const root = tempFolder();
  for (const [path, text] of Object.entries({ ...TREE, ...changes })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function digestOf(root: string): Promise<string> {
  return (await workerInputs(root)).digest;
}

describe('the inputs of the worker image', () => {
  it('have the same digest wherever the working tree is', async () => {
    const root = workingTree();
    const copy = tempFolder();
    cpSync(root, copy, { recursive: true });
    expect(await digestOf(copy)).toBe(await digestOf(root));
  });

  it.each([
    ['the Dockerfile', 'workers/Dockerfile', 'FROM scratch\nRUN true\n'],
    [
      'a file that the supervisor imports',
      'workers/supervisor/hello.ts',
      "export const hello = 'x';",
    ],
    ['an agent', 'workers/agents/linters/main.ts', 'console.log(1);'],
    ['a new agent', 'workers/agents/other/main.ts', 'console.log(2);'],
    ['the pinned Node', 'package-lock.json', JSON.stringify(LOCK).replace('sha512-n', 'sha512-m')],
    ['the pinned Biome', 'package-lock.json', JSON.stringify(LOCK).replace('sha512-b', 'sha512-c')],
  ])('have another digest when this changes: %s', async (_, path, text) => {
    expect(await digestOf(workingTree({ [path]: text }))).not.toBe(await digestOf(workingTree()));
  });

  it.each(['workers/supervisor/main.ts', 'workers/agents/linters/main.ts'])(
    'are refused without %s',
    async (path) => {
      const root = workingTree();
      rmSync(join(root, path));
      await expect(workerInputs(root)).rejects.toThrow('this working tree lacks one of them');
    },
  );

  it('are refused when a bundle does not build', async () => {
    const root = workingTree({ 'workers/supervisor/main.ts': "import './missing.ts';" });
    await expect(workerBundles(root)).rejects.toThrow('missing.ts');
  });

  it('are refused when the lockfile has no Node for this platform', async () => {
    const root = workingTree({ 'package-lock.json': '{"packages":{}}' });
    await expect(workerInputs(root)).rejects.toThrow('to put in the worker image');
  });
});

describe('the build context', () => {
  it('holds what the Dockerfile copies, with the modes it needs', async () => {
    const tar = await workerContext(await workerInputs(workingTree()));
    const entries: [name: string, mode: number][] = [];
    for await (const entry of tar.pipe(extract())) {
      entries.push([entry.header.name, entry.header.mode ?? 0]);
      entry.resume();
    }
    expect(entries).toEqual([
      ['Dockerfile', 0o644],
      ['sallyport/package.json', 0o644],
      ['sallyport/supervisor.js', 0o644],
      ['sallyport/agents/linters.js', 0o644],
      ['node', 0o755],
      ['biome', 0o755],
    ]);
  });

  it('is the same bytes for the same inputs', async () => {
    const inputs = await workerInputs(workingTree());
    const [one, two] = await Promise.all([workerContext(inputs), workerContext(inputs)]);
    expect((await buffer(one)).equals(await buffer(two))).toBe(true);
  });
});
