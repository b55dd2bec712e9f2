import { readFileSync } from 'node:fs';
import Docker from 'dockerode';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type TargetModules,
  type TargetName,
  targetNames,
  workerTarget,
} from '../../scripts/setup/worker-targets.ts';
import { testEngine } from '../support/engine.ts';
import { agentImage, buildImageMs } from '../support/images/agent-image.ts';
import { type ImageTree, imageTree } from '../support/images/image-tree.ts';
import { outputOf } from '../support/images/run-image.ts';
import { sbomSchema } from '../support/images/sbom-schema.ts';

/** Each agent's program below its `node_modules`, as a shell finds it. */
const programs = {
  'claude-code': '@anthropic-ai/claude-code-linux-*/claude',
  codex: '@openai/codex-linux-*/vendor/*/bin/codex',
  opencode: 'opencode-linux-*/bin/opencode',
  pi: '.bin/pi',
} as const satisfies Partial<Record<TargetName, string>>;

const sbomFile = '/opt/sallyport/sbom.cdx.json';
const packagesFile = '/opt/sallyport/packages.txt';
const docker = (): Docker => new Docker({ socketPath: testEngine().socketPath });

interface Bill {
  readonly components: readonly { readonly purl?: string; readonly name: string }[];
}

const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().optional(),
      cpu: z.array(z.string()).optional(),
      os: z.array(z.string()).optional(),
      libc: z.array(z.string()).optional(),
    }),
  ),
});

/** What a lockfile installs on this machine, by package URL, without what the image leaves out. */
function lockedPurls({ folder, leaveOut = [] }: TargetModules): readonly string[] {
  const text = readFileSync(`workers/${folder}/package-lock.json`, 'utf8');
  const { packages } = Lockfile.parse(JSON.parse(text));
  const { '': _own, ...installed } = packages;
  return Object.entries(installed)
    .filter(([, { cpu = [process.arch] }]) => cpu.includes(process.arch))
    .filter(
      ([, { os = ['linux'], libc = ['glibc'] }]) => os.includes('linux') && libc.includes('glibc'),
    )
    .map(([path, one]) => ({ path: path.slice('node_modules/'.length), ...one }))
    .filter(({ path }) => !leaveOut.some((pattern) => pattern.test(`${path}/`)))
    .map(({ path, name = path.split('node_modules/').at(-1) ?? '', version }) =>
      purl(name, version),
    );
}

const purl = (name: string, version = ''): string =>
  `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;

describe.each(targetNames)('the image of %s', (target) => {
  let id: string;
  let tree: ImageTree;
  let purls: readonly string[];

  beforeAll(async () => {
    id = await agentImage(target);
    tree = await imageTree(docker(), id, (path) => [sbomFile, packagesFile].includes(path));
    const { components } = JSON.parse(tree.texts.get(sbomFile) ?? '') as Bill;
    purls = components.flatMap((component) => component.purl ?? []);
  }, buildImageMs);

  it('is not larger than it may be', async () => {
    const { Size } = await docker().getImage(id).inspect();
    expect(Size / 1e6).toBeLessThan(workerTarget(target).maxMb);
  });

  it('has a bill of materials that the published schema accepts', () => {
    const accepts = sbomSchema();
    accepts(JSON.parse(tree.texts.get(sbomFile) ?? ''));
    expect(accepts.errors ?? []).toEqual([]);
  });

  it('lists every Debian package that dpkg has, in the version that it has', () => {
    const listed = purls.filter((one) => one.startsWith('pkg:deb/')).map(decodeURIComponent);
    const known = (tree.texts.get(packagesFile) ?? '').trim().split('\n');
    expect(known.length).toBeGreaterThan(100);
    const missing = known.filter((line) => {
      const [name = '', version = ''] = line.split('\t');
      const plain = name.replace(/:.*$/, '');
      return !listed.some((one) => one.startsWith(`pkg:deb/debian/${plain}@${version}?`));
    });
    expect(missing).toEqual([]);
    expect(listed).toHaveLength(known.length);
  });

  it('lists node, biome, what is bundled, and every locked package', () => {
    const { modules } = workerTarget(target);
    const locked = Object.values<TargetModules>(modules).flatMap(lockedPurls);
    const own = ['node-linux-', '%40biomejs/cli-linux-', 'zod'];
    expect(own.filter((name) => !purls.some((one) => one.startsWith(`pkg:npm/${name}`)))).toEqual(
      [],
    );
    expect(locked.filter((one) => !purls.includes(one))).toEqual([]);
  });

  it('has nothing that a package manager left behind', () => {
    const left =
      / \/(var\/(log|lib\/apt\/lists|cache\/(apt|ldconfig))\/.|etc\/(passwd|shadow)-|root\/\.(npm|cache))/;
    expect(tree.lines.filter((line) => left.test(line))).toEqual([]);
  });

  it('has no program that runs as somebody else', () => {
    const special = tree.lines.filter((line) => /^file [2467]\d{3} /.test(line));
    expect(special).toEqual([]);
  });
});

describe('an agent in its image', () => {
  it.each(Object.entries(programs) as [TargetName, string][])(
    'starts: %s',
    async (target, path) => {
      const program = `/opt/sallyport/cli/${target}/node_modules/${path}`;
      const ran = await outputOf(docker(), await agentImage(target), `exec ${program} --version`);
      expect(ran.output).toMatch(/\d+\.\d+\.\d+/);
      expect(ran.exitCode).toBe(0);
    },
    buildImageMs,
  );
});

it(
  'an image on top of ours lists what it adds',
  async () => {
    const fields = ['Package: added', 'Status: install ok installed', 'Architecture: all'];
    const paragraph = ['', ...fields, 'Version: 1.2', ''].join('\\n');
    const list = `printf '${paragraph}' >>/var/lib/dpkg/status && node /opt/sallyport/sbom.js`;
    const image = { id: await agentImage('linters'), user: '0:0' };
    const ran = await outputOf(docker(), image, `${list} && cat ${sbomFile}`);
    const { components } = JSON.parse(ran.output) as Bill;
    const purls = components.flatMap((component) => component.purl ?? []);
    expect(purls.some((one) => one.startsWith('pkg:deb/debian/added@1.2'))).toBe(true);
    expect(purls.some((one) => one.startsWith('pkg:deb/debian/ripgrep@'))).toBe(true);
  },
  buildImageMs,
);

describe('the toolchain', () => {
  it(
    'compiles, has npm and pip, and makes a virtual environment',
    async () => {
      const work = [
        'cd /tmp',
        'printf "int main(void){return 0;}" >a.c',
        'cc a.c -o a',
        './a',
        'npm --version',
        'python3 -m venv v',
        'v/bin/pip --version',
      ].join(' && ');
      const ran = await outputOf(docker(), await agentImage('command'), work);
      expect(ran.output).toContain('pip 2');
      expect(ran.exitCode).toBe(0);
    },
    buildImageMs,
  );
});
