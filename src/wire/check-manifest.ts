import type { Limits } from '../domain/limits.ts';
import { foldPath } from '../domain/path-fold.ts';
import { SallyportError } from '../errors.ts';
import { maxEdits } from '../protocol/agent-report.ts';
import { maxPatchHunks, type PatchedFile } from '../protocol/patched-file.ts';
import type { ResultManifest, WorkspaceChange } from '../protocol/result.ts';
import { limitReached } from './limit-error.ts';

/** A change that carries bytes. */
export type Write = Extract<WorkspaceChange, { kind: 'write' }>;

/**
 * Counts what a manifest names before the schema looks at it: of millions of faulty items the schema would note
 * every fault, which takes gigabytes and the control plane's whole attention.
 * @throws SallyportError `result.limit` with the limit's name
 */
export function countManifest(json: unknown, limits: Limits): void {
  if (lengthOf(json, 'changes') + lengthOf(json, 'patch') > limits.resultFiles)
    throw limitReached('limit:result-files', 'resultFiles', limits.resultFiles);
  const hunks = countIn(propertyOf(json, 'patch'), (file) => lengthOf(file, 'hunks'));
  if (hunks > maxPatchHunks)
    throw limitReached('limit:result-size', 'hunks of the patch', maxPatchHunks);
  if (lengthOf(propertyOf(json, 'report'), 'findings') > limits.findings)
    throw limitReached('limit:findings', 'findings', limits.findings);
  const findings = propertyOf(propertyOf(json, 'report'), 'findings');
  if (countIn(findings, (finding) => lengthOf(propertyOf(finding, 'fix'), 'edits')) > maxEdits)
    throw limitReached('limit:findings', 'edits of fixes', maxEdits);
}

/** Of all items together; 0 for what is no list. */
function countIn(list: unknown, count: (item: unknown) => number): number {
  return Array.isArray(list) ? list.reduce((sum: number, item) => sum + count(item), 0) : 0;
}

/** How many items the list `name` has; 0 for what is no list. */
function lengthOf(holder: unknown, name: string): number {
  const list = propertyOf(holder, name);
  return Array.isArray(list) ? list.length : 0;
}

function propertyOf(holder: unknown, name: string): unknown {
  const isHolder = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name);
  return isHolder ? Reflect.get(holder, name) : undefined;
}

/**
 * The writes of a manifest whose sizes and paths are acceptable, in order.
 * Checked before one byte of content is read.
 * @throws SallyportError `result.limit` with the limit's name; `result.malformed` for paths that
 * repeat in one list or collide in both together.
 */
export function checkManifest(
  manifest: ResultManifest,
  manifestBytes: number,
  limits: Limits,
): readonly Write[] {
  const { changes, patch = [] } = manifest;
  const writes = changes.filter((change) => change.kind === 'write');
  const declared = writes.reduce((sum, { bytes }) => sum + bytes, manifestBytes);
  if (declared > limits.resultBytes)
    throw limitReached('limit:result-size', 'resultBytes', limits.resultBytes);
  refuseRepeats(changes);
  refuseRepeats(patch);
  refuseCollisions([...writes, ...writtenByPatch(patch, changes)]);
  return writes;
}

type Named = { readonly path: string };

function refuseRepeats(items: readonly Named[]): void {
  const seen = new Set<string>();
  for (const { path } of items) {
    if (seen.has(path)) throw new SallyportError('result.malformed', 'a path is named twice');
    seen.add(path);
  }
}

/** What a diff leaves there. A path that the workspace names too goes by the workspace alone. */
function writtenByPatch(
  patch: readonly PatchedFile[],
  changes: readonly Named[],
): readonly Named[] {
  const own = new Set(changes.map(({ path }) => path));
  return patch.filter(({ path, kind }) => kind !== 'deleted' && !own.has(path));
}

/** Two writes that are one file, or a file and its own folder, on some file system. */
function refuseCollisions(writes: readonly Named[]): void {
  const files = new Set(writes.map(({ path }) => foldPath(path)));
  const collides =
    files.size !== writes.length ||
    [...files].some((path) => parentsOf(path).some((parent) => files.has(parent)));
  if (collides)
    throw new SallyportError('result.malformed', 'two written paths are one on some file systems');
}

function parentsOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
