import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { debianPackages } from '../../../workers/sbom/debian-packages.ts';
import { nodePackages } from '../../../workers/sbom/node-packages.ts';
import { tempFolder } from '../setup/temp-folder.ts';

const paragraph = (name: string, status = 'install ok installed'): string =>
  `Package: ${name}\nStatus: ${status}\nArchitecture: amd64\nVersion: 1:2.0-1\nDescription: one\n Version: 9\n .\n more\n`;

describe('the packages that dpkg has', () => {
  it('are those that are wholly installed', () => {
    const status = [
      paragraph('git'),
      paragraph('gone', 'deinstall ok config-files'),
      paragraph('half', 'install ok half-configured'),
      paragraph('broken', 'install reinstreq installed'),
      paragraph('not', 'install ok not-installed'),
      paragraph('tini', 'hold ok installed'),
    ].join('\n');
    const architecture = 'amd64';
    expect(debianPackages(status)).toEqual([
      { name: 'git', version: '1:2.0-1', architecture },
      { name: 'tini', version: '1:2.0-1', architecture },
    ]);
  });

  it.each(['Version', 'Architecture', 'Package'])('are refused without %s', (field) => {
    const text = paragraph('git').replace(new RegExp(`^${field}: .*\n`, 'm'), '');
    expect(() => debianPackages(text)).toThrow('lacks its name, version or processor');
  });
});

function tree(manifests: Readonly<Record<string, string>>): string {
  const root = tempFolder();
  for (const [folder, text] of Object.entries(manifests)) {
    const file = join(root, folder, 'package.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

describe('the packages of a folder', () => {
  it('are found by their own names, in scopes and in each other', () => {
    const root = tree({
      plain: '{"name":"plain","version":"1.0.0","license":"MIT"}',
      'plain/node_modules/inner': '{"name":"inner","version":"2.0.0","license":{"type":"ISC"}}',
      '@scope/alias': '{"name":"@other/real","version":"3.0.0"}',
      'plain/lib': '{"type":"commonjs"}',
    });
    mkdirSync(join(root, '.bin'));
    symlinkSync('../plain/run', join(root, '.bin', 'run'));
    expect(nodePackages(root)).toEqual([
      { name: '@other/real', version: '3.0.0', license: null },
      { name: 'plain', version: '1.0.0', license: 'MIT' },
      { name: 'inner', version: '2.0.0', license: 'ISC' },
    ]);
  });

  it('are none where there is no folder', () => {
    expect(nodePackages(join(tempFolder(), 'none'))).toEqual([]);
  });

  it('are refused when one does not say what it is', () => {
    expect(() => nodePackages(tree({ odd: '{"name":"odd"}' }))).toThrow('version');
    const root = tree({});
    mkdirSync(join(root, 'empty'));
    expect(() => nodePackages(root)).toThrow('ENOENT');
  });
});
