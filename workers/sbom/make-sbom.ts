import { createHash } from 'node:crypto';
import type { DebianPackage } from './debian-packages.ts';
import type { NodePackage } from './image-contents.ts';

/** What an image holds, as it was found. */
export interface Inventory {
  readonly image: string;
  /** `VERSION_ID` of os-release(5). */
  readonly debianVersion: string;
  readonly debian: readonly DebianPackage[];
  readonly node: readonly NodePackage[];
  /** Programs by themselves; `sha256` is that of the file, hex. */
  readonly binaries: readonly (NodePackage & { readonly sha256: string })[];
}

interface Component {
  readonly type: 'application' | 'library' | 'operating-system';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly object[];
  readonly hashes?: readonly object[];
  readonly purl?: string;
}

/**
 * A software bill of materials: CycloneDX 1.6 in JSON, indented, ending in a newline. It holds no time and
 * its serial number is made from what it lists, so that equal images have equal bills.
 */
export function makeSbom(inventory: Inventory): string {
  const components = componentsOf(inventory);
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([inventory.image, components]))}`,
    version: 1,
    metadata: {
      component: {
        type: 'container',
        'bom-ref': 'image',
        name: `sallyport-worker:${inventory.image}`,
      },
    },
    components,
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function componentsOf({ debianVersion, debian, node, binaries }: Inventory): readonly Component[] {
  const all = [
    ...debian.map((one) => debianComponent(one, debianVersion)),
    ...binaries.map(binaryComponent),
    ...node.map(nodeComponent),
  ];
  // The same package at two places, or in two bundles, is one component.
  const byRef = new Map(all.map((component) => [component['bom-ref'], component]));
  const sorted = [...byRef.values()].sort((one, other) =>
    one['bom-ref'] < other['bom-ref'] ? -1 : 1,
  );
  const name = 'debian';
  return [{ type: 'operating-system', 'bom-ref': name, name, version: debianVersion }, ...sorted];
}

function debianComponent(
  { name, version, architecture }: DebianPackage,
  debianVersion: string,
): Component {
  const qualifiers = `arch=${architecture}&distro=debian-${debianVersion}`;
  const purl = `pkg:deb/debian/${inPurl(name)}@${inPurl(version)}?${qualifiers}`;
  return { type: 'library', 'bom-ref': purl, name, version, purl };
}

function binaryComponent(one: Inventory['binaries'][number]): Component {
  const hashes = [{ alg: 'SHA-256', content: one.sha256 }];
  return { ...nodeComponent(one), type: 'application', hashes };
}

function nodeComponent({ name, version, license }: NodePackage): Component {
  const purl = `pkg:npm/${name.split('/').map(inPurl).join('/')}@${inPurl(version)}`;
  const known = { type: 'library', 'bom-ref': purl, name, version } as const;
  return { ...known, ...(license === null ? {} : { licenses: [licenseOf(license)] }), purl };
}

/** An SPDX expression is words in brackets; whatever else an author wrote is the name of a licence. */
function licenseOf(text: string): object {
  const isExpression = /^[A-Za-z0-9.+() -]+$/.test(text) && !/see license/i.test(text);
  return isExpression ? { expression: text } : { license: { name: text } };
}

/** Package URLs: percent-encoding of all but letters, digits and `.-_~:` (purl-spec, "Character encoding"). */
function inPurl(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20, 32)].join('-');
}
