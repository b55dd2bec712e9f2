import { expect, it } from 'vitest';
import { readLayer } from '../../../src/policy/parsing/read-layer.ts';
import { faultsOf } from './fixture.ts';

const v = 'version: 1\n';

function faults(content: string): readonly string[] {
  return faultsOf(readLayer({ layer: 'repository', file: 'p.yml', content }));
}

it('takes as many globs as people write, and no crowd of them', () => {
  const glob = `"${'{a,b}'.repeat(6)}/x"`;
  const list = (count: number) => `[${Array.from({ length: count }, () => glob).join(', ')}]`;
  expect(faults(`${v}inputs: { exclude: ${list(31)} }`)).toEqual([]);
  expect(faults(`${v}inputs: { exclude: ${list(30)} }\npatch: { paths: ${list(2)} }`)).toEqual([
    'p.yml:3:54: patch.paths.1: up to here the braces of the globs come to more than 2000 alternatives; write fewer or split the lists',
  ]);
});
