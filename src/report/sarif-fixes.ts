import type { Finding } from '../domain/finding.ts';
import { editsBetween, type LineEdit } from './line-edits.ts';
import type { ChangedSides } from './local-report.ts';
import { splitLines } from './text-lines.ts';

/** A `fix` object of SARIF 2.1.0 (section 3.55): replacements in one artifact. */
export interface SarifFix {
  readonly artifactChanges: readonly [
    {
      readonly artifactLocation: { readonly uri: string };
      readonly replacements: readonly SarifReplacement[];
    },
  ];
}

interface SarifReplacement {
  readonly deletedRegion: {
    readonly startLine: number;
    readonly startColumn: 1;
    readonly endLine: number;
    readonly endColumn: 1;
  };
  readonly insertedContent: { readonly text: string };
}

/** A relative URI reference for a path: each segment percent-encoded, so that no part reads as a scheme. */
export function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** The edits of a text file that fall on a finding's lines, as that finding's fix; each edit goes to one finding. */
export function fixesFor(
  findings: readonly Finding[],
  files: readonly ChangedSides[],
): ReadonlyMap<Finding, SarifFix> {
  const fixes = new Map<Finding, SarifFix>();
  const byPath = Map.groupBy(findings, ({ path }): string => path);
  for (const { path, before, after } of files) {
    const here = byPath.get(path) ?? [];
    for (const edit of textEdits(before, after)) {
      const finding = here.find((one) => isOn(one, edit));
      if (finding === undefined) continue;
      const earlier = fixes.get(finding)?.artifactChanges[0].replacements ?? [];
      const replacements = [...earlier, replacementOf(edit)];
      fixes.set(finding, {
        artifactChanges: [{ artifactLocation: { uri: uriOf(path) }, replacements }],
      });
    }
  }
  return fixes;
}

function textEdits(before: Uint8Array | null, after: Uint8Array | null): readonly LineEdit[] {
  if (before === null || after === null) return [];
  const [from, to] = [splitLines(before), splitLines(after)];
  return from.kind === 'text' && to.kind === 'text' ? editsBetween(from.lines, to.lines) : [];
}

/** Does the edit touch the finding's lines? An insertion touches the lines on both its sides. */
function isOn({ range }: Finding, { startLine, removed }: LineEdit): boolean {
  if (range === undefined) return false;
  const first = removed.length === 0 ? startLine - 1 : startLine;
  const last = removed.length === 0 ? startLine : startLine + removed.length - 1;
  return first <= range.endLine && last >= range.startLine;
}

function replacementOf({ startLine, removed, added }: LineEdit): SarifReplacement {
  const endLine = startLine + removed.length;
  return {
    deletedRegion: { startLine, startColumn: 1, endLine, endColumn: 1 },
    insertedContent: { text: added.join('') },
  };
}
