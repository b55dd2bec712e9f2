import { describe, expect, it } from 'vitest';
import { foldSources } from '../../../src/policy/fold-sources.ts';
import type { LayerSource } from '../../../src/policy/parsing/read-layer.ts';
import { faultsOf, folded, operatorText } from './fixture.ts';

const operator: LayerSource = { layer: 'operator', file: 'op.yml', content: operatorText };

function repository(content: string): LayerSource {
  return { layer: 'repository', file: 'repo.yml', content };
}

describe('foldSources', () => {
  it('comes to what the documents come to', () => {
    const result = foldSources([operator, repository('version: 1\nruntime: runsc')]);
    expect(result.ok && result.folded.digest).toBe(folded({ repository: 'runtime: runsc' }).digest);
  });

  it('tells where a file loosens the one above', () => {
    const result = foldSources([operator, repository('version: 1\nlimits: { pids: 1024 }')]);
    expect(faultsOf(result)).toEqual([
      'repo.yml:2:17: limits.pids: 1024 is more than 512, the ceiling above (operator: op.yml:52:9)',
    ]);
  });

  it('tells of every file that cannot be read, and only of that', () => {
    const broken = { ...operator, content: 'version: 2' };
    const result = foldSources([broken, repository('version: 1\nlimit: {}')]);
    expect(faultsOf(result)).toEqual([
      'op.yml:1:10: version: must be 1, not 2',
      'repo.yml:2:1: limit: is no key of a policy; did you mean limits?',
    ]);
  });
});
