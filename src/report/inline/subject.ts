import type { Finding, Severity } from '../../domain/finding.ts';
import type { Marks } from '../../domain/finding-record.ts';
import { marksOf } from '../../domain/fingerprint.ts';
import { shortDigestOf } from '../../domain/ids.ts';
import { RepoPath } from '../../domain/repo-path.ts';
import type { Suggestion } from '../suggestions.ts';

/** What something said inline is about: a finding, or a change that no finding speaks of. */
export interface Subject {
  /** Position among the findings of the outcome; null where it is none of them. */
  readonly finding: number | null;
  readonly tool: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly path: RepoPath;
  readonly marks: Marks;
}

/** A finding of the outcome. */
export function subjectOf(
  { findings, marks }: { readonly findings: readonly Finding[]; readonly marks: readonly Marks[] },
  at: number,
): Subject {
  const finding = findings[at] as Finding;
  const { tool, rule, severity, path } = finding;
  return { finding: at, tool, rule, severity, path, marks: marks[at] as Marks };
}

const changed = 'suggested-change:';
const changedFile = 'changed-file';

/** Is it a change that no finding speaks of? */
export function isOwnChange({ rule }: Pick<Subject, 'rule'>): boolean {
  return rule.startsWith(changed) || rule === changedFile;
}

/** A change that no finding speaks of: known again by the lines that it replaces and by what it puts there. */
export function ownChange(
  agent: string,
  suggestion: Suggestion,
  lines: readonly string[],
): Subject {
  const { startLine, endLine, replacement } = suggestion;
  return ofAgent({
    tool: agent,
    rule: `${changed}${shortDigestOf(replacement.replace(/\s+/g, ''), 16)}`,
    path: suggestion.path,
    range: { startLine, endLine },
    lines,
  });
}

/** All changes of a file that cannot be suggestions, as one: whatever they are, it is one comment. `lines`: of the head file. */
export function fileSubject(agent: string, path: string, lines: readonly string[]): Subject {
  return ofAgent({ tool: agent, rule: changedFile, path, lines });
}

function ofAgent({
  lines,
  ...fields
}: Pick<Finding, 'tool' | 'rule' | 'range'> & {
  readonly path: string;
  readonly lines: readonly string[];
}): Subject {
  const finding: Finding = {
    ...fields,
    path: RepoPath.parse(fields.path),
    severity: 'info',
    message: 'change',
  };
  const { tool, rule, severity, path } = finding;
  return { finding: null, tool, rule, severity, path, marks: marksOf(finding, lines) };
}
