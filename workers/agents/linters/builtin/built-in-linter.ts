import type { Finding } from '../../../../src/domain/finding.ts';
import type { Linter } from '../linter.ts';
import type { SourceFile } from '../source-file.ts';

/** A linter that needs no program: a pure function of one file. It reads every text file. */
export function builtInLinter(name: string, find: (file: SourceFile) => Finding[]): Linter {
  return {
    name,
    readsGenerated: true,
    versions: () => Promise.resolve([{ name, version: 'built-in' }]),
    selects: () => true,
    run: (files) =>
      Promise.resolve({ findings: files.flatMap(find), errors: [], fixable: new Map() }),
  };
}
