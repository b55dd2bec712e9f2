import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { debianPackages } from './debian-packages.ts';
import { ImageContents } from './image-contents.ts';
import { makeSbom } from './make-sbom.ts';
import { nodePackages } from './node-packages.ts';

/** The last step of a build: lists what is in the image. What it needs stays there, for images on top of this one. */
const folder = '/opt/sallyport';
const { image, binaries, bundled } = ImageContents.parse(
  JSON.parse(readFileSync(`${folder}/contents.json`, 'utf8')),
);

const release = readFileSync('/etc/os-release', 'utf8');
const debianVersion = /^VERSION_ID="?([^"\n]+)/m.exec(release)?.[1];
if (debianVersion === undefined) throw new Error('/etc/os-release names no version');

const trees = ['/usr/local/lib/node_modules', ...globSync(`${folder}/cli/*/node_modules`)];
const sbom = makeSbom({
  image,
  debianVersion,
  debian: debianPackages(readFileSync('/var/lib/dpkg/status', 'utf8')),
  node: [...bundled, ...trees.flatMap(nodePackages)],
  binaries: binaries.map(({ path, ...known }) => ({
    ...known,
    sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
  })),
});
writeFileSync(`${folder}/sbom.cdx.json`, sbom, { mode: 0o444 });
