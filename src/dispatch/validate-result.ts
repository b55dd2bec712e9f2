import type { Finding } from '../domain/finding.ts';
import type { Marks } from '../domain/finding-record.ts';
import type { RefusedChange } from '../domain/outcome.ts';
import { pathFault } from '../domain/path-fault.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import { steeringRoot } from '../domain/steering-paths.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import type { ReportedFinding } from '../protocol/reported-finding.ts';
import type { ResultManifest, WorkspaceChange } from '../protocol/result.ts';
import { markFindings } from './mark-findings.ts';
import { isKnown } from './place-finding.ts';
import { PristineTexts } from './pristine-texts.ts';
import { replacedPaths } from './replaced-paths.ts';
import { takeFixes } from './take-fixes.ts';
import { takePatch } from './take-patch.ts';

/** A file as it was and as the sandbox wants it; null where it is absent. */
export interface FileChange {
  readonly path: RepoPath;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
}

/** A sandbox's result after comparison with the pristine tree. */
export interface CheckedResult {
  readonly files: readonly FileChange[];
  readonly refused: readonly RefusedChange[];
  readonly findings: readonly Finding[];
  /** What each of these is known again by, in their order. */
  readonly marks: readonly Marks[];
  /** Findings left out because they name files that are in neither tree. */
  readonly strayFindings: number;
}

/**
 * Pristine bytes that one result may make the control plane hold and store, all files together: a
 * deletion costs a sandbox a hundred bytes and the control plane the whole file.
 */
const maxPristineBytes = 64 * 1024 * 1024;

/**
 * Compares what a sandbox says with the pristine head tree. The sandbox's word decides nothing: what is
 * the same is dropped, and what does not fit the real tree (through a symlink, over a folder, another
 * mode, a file that it was never given, one that steers agents where the agent is one that can be steered), or is
 * another path elsewhere (`pathFault`), is refused with the reason.
 */
export async function checkResult(
  snapshot: SourceSnapshot,
  result: { readonly manifest: ResultManifest; readonly files: ReadonlyMap<RepoPath, Uint8Array> },
): Promise<CheckedResult> {
  const files: FileChange[] = [];
  let pristineBytes = 0;
  const reported = result.manifest.report?.findings ?? [];
  const replaced = new Set<string>(replacedPaths(snapshot));
  const steers = (path: string): boolean =>
    replaced.has(path) || (snapshot.isSteerable && steeringRoot(path) !== undefined);
  const known = reported
    .filter(({ path }) => isKnown(snapshot, path))
    .map((finding) => (replaced.has(finding.path) ? aboutTheFile(finding) : finding));
  const texts = new PristineTexts(snapshot);
  const { changes: left, patch = [], agent } = result.manifest;
  // What an adapter sets aside is away still where the agent was killed: nobody has deleted it.
  const isAside = ({ kind, path }: WorkspaceChange): boolean => kind === 'delete' && steers(path);
  const changes = agent.exitCode === null ? left.filter((change) => !isAside(change)) : left;
  const patched = await takePatch(texts, patch, pathsOf(changes));
  const refused: RefusedChange[] = [...patched.refused];
  const fixed = await takeFixes(texts, known, pathsOf([...changes, ...patch]));
  const bytesOf = new Map([...result.files, ...patched.files, ...fixed.files]);
  for (const change of [...changes, ...patched.changes, ...fixed.changes]) {
    // Not even read: five hundred large files take longer than the whole task may.
    if (pristineBytes > maxPristineBytes && change.kind !== 'refused') {
      refused.push({ path: change.path, reason: 'too-large' });
      continue;
    }
    const checked: FileChange | RefusedChange | undefined =
      steers(change.path) && change.kind !== 'refused'
        ? { path: change.path, reason: 'steering' }
        : await checkChange(snapshot, change, bytesOf);
    if (checked === undefined) continue;
    if ('reason' in checked) {
      refused.push(checked);
      continue;
    }
    pristineBytes += checked.before?.byteLength ?? 0;
    if (pristineBytes <= maxPristineBytes) files.push(checked);
    else refused.push({ path: checked.path, reason: 'too-large' });
  }
  const { findings, unworded } = fixed;
  // Last: what is read for marks alone must not take from what fixes may read.
  const marks = await markFindings(texts, unworded);
  return { files, refused, findings, marks, strayFindings: reported.length - findings.length };
}

function pathsOf(items: readonly { readonly path: string }[]): ReadonlySet<string> {
  return new Set(items.map(({ path }) => path));
}

/** The agent had other lines there than the head has: what it says of lines is of none that people see. */
function aboutTheFile({
  range: _lines,
  fix: _edits,
  ...finding
}: ReportedFinding): ReportedFinding {
  return finding;
}

async function checkChange(
  snapshot: SourceSnapshot,
  change: WorkspaceChange,
  bytesOf: ReadonlyMap<RepoPath, Uint8Array>,
): Promise<FileChange | RefusedChange | undefined> {
  if (change.kind === 'refused') return { path: change.path, reason: change.reason };
  const { path } = change;
  const fault = pathFault(path, { isInHead: snapshot.kindInHead(path) !== undefined });
  if (fault !== undefined) return { path, reason: fault };
  if (snapshot.omitted.some((omitted) => omitted.path === path))
    return { path, reason: 'too-large' };
  if (hasForeignParent(snapshot, path)) return { path, reason: 'bad-path' };
  const kind = snapshot.kindInHead(path);
  if (kind === 'symlink') return { path, reason: 'symlink' };
  if (kind === 'folder' || kind === 'submodule') return { path, reason: 'bad-path' };
  const pristine = await snapshot.readHead(path);
  const before = pristine?.bytes ?? null;
  if (change.kind === 'delete') return before === null ? undefined : { path, before, after: null };
  if (change.executable !== (pristine?.executable ?? false)) return { path, reason: 'mode' };
  const after = bytesOf.get(path);
  if (after === undefined) return { path, reason: 'unreadable' };
  if (before !== null && Buffer.compare(before, after) === 0) return undefined;
  return { path, before, after };
}

/** Would writing this path go through something in the head tree that is not a folder? */
function hasForeignParent(snapshot: SourceSnapshot, path: RepoPath): boolean {
  const segments = path.split('/');
  return segments.slice(1).some((_, index) => {
    const parent = segments.slice(0, index + 1).join('/') as RepoPath;
    const kind = snapshot.kindInHead(parent);
    return kind !== undefined && kind !== 'folder';
  });
}
