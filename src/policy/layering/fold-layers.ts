import { canonicalJson } from '../../domain/canonical-json.ts';
import { type Digest, digestOf } from '../../domain/ids.ts';
import type { JsonValue } from '../../domain/ledger-entry.ts';
import { EffectivePolicy } from '../effective-policy.ts';
import type { Place, PolicyFault } from '../fault.ts';
import type { LayerDocument } from '../parsing/read-layer.ts';
import { clashingCommands } from './clashing-commands.ts';
import { completeTasks } from './complete-tasks.ts';
import { defaultsOf } from './defaults.ts';
import { judgeLeaf } from './judge-leaf.ts';
import { type Leaf, leavesOf, treeOf } from './leaves.ts';
import { placeOwnTasks } from './own-tasks.ts';
import { layerRules } from './rules.ts';
import { combined, pathName, type Said, type SaidByPath, saidBy } from './said.ts';
import { unfitRoutes } from './unfit-routes.ts';

/** The effective policy, its digest (approvals are bound to it), and the source of each value. */
export interface FoldedPolicy {
  readonly policy: EffectivePolicy;
  /** SHA-256 over the canonical JSON of `policy`: comments and order do not count, every value does. */
  readonly digest: Digest;
  /** By leaf, as `tasks.fix.limits.pids`: where the values stand that decided. */
  readonly sources: ReadonlyMap<string, readonly Place[]>;
}

/** A policy, or all that is wrong with its layers. */
export type Folding =
  | { readonly ok: true; readonly folded: FoldedPolicy }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/**
 * Puts layers together: the operator's first, then the organisation's and the repository's where there
 * are such. No value of the result is wider than what any layer says.
 * Refuses a layer that says something wider than one above, with both places, and an operator's layer
 * that leaves something open.
 */
export function foldLayers(operator: LayerDocument, below: readonly LayerDocument[]): Folding {
  const said: SaidByPath = new Map(defaultsOf(operator).map((it) => [pathName(it.path), it]));
  const alone = [operator, ...below].flatMap((document) => foldDocument(said, document));
  const complete = completeTasks(said);
  const faults = [...alone, ...clashingCommands(complete), ...unfitRoutes(complete)];
  const tree = treeOf([...complete.values()].map(({ path, value }) => [path, value]));
  const parsed = EffectivePolicy.safeParse(tree);
  if (parsed.success && faults.length === 0) {
    return { ok: true, folded: folded(parsed.data, complete) };
  }
  const open = parsed.success ? [] : openPaths(parsed.error.issues, faults);
  return { ok: false, faults: [...faults, ...open.map((path) => missing(path, said, operator))] };
}

/** What nobody says; not what was said wrongly, nor again for each task what the top leaves open. */
function openPaths(
  issues: readonly { readonly path: readonly PropertyKey[] }[],
  faults: readonly PolicyFault[],
): readonly (readonly string[])[] {
  const paths = issues.map(({ path }) => path.map(String));
  const told = new Set([...faults.map(({ path }) => path), ...paths.map(pathName)]);
  const isTold = (path: readonly string[]): boolean =>
    faults.some((fault) => [pathName(path), withinName(path)].includes(fault.path)) ||
    (isOfTask({ path }) && told.has(pathName(path.slice(2))));
  return paths.filter((path) => !isTold(path));
}

/** Where the task says what it is within: without that, nobody can tell what else it lacks. */
function withinName(path: readonly string[]): string {
  return pathName([...path.slice(0, 2), 'within']);
}

function folded(policy: EffectivePolicy, complete: SaidByPath): FoldedPolicy {
  const sources = new Map([...complete].map(([name, said]) => [name, said.sources]));
  return { policy, digest: digestOf(canonicalJson(policy as unknown as JsonValue)), sources };
}

function foldDocument(said: SaidByPath, document: LayerDocument): readonly PolicyFault[] {
  // A task narrows the top of its own document as well, wherever in the file that stands.
  const leaves = leavesOf(document.content, layerRules).toSorted(
    (a, b) => Number(isOfTask(a)) - Number(isOfTask(b)),
  );
  const misplaced = placeOwnTasks(said, document);
  const faults = leaves.flatMap((leaf) => {
    const name = pathName(leaf.path);
    const { layer } = document;
    const placeOf = (entry?: number): Place =>
      document.placeOf(entry === undefined ? leaf.path : [...leaf.path, String(entry)]);
    const fault = judgeLeaf({ leaf, layer, placeOf, said, bounds: boundsOf(said, leaf) });
    if (fault !== undefined) return [fault];
    said.set(name, combined(said.get(name), saidBy(leaf, placeOf())));
    return [];
  });
  return [...misplaced, ...faults];
}

function isOfTask({ path }: Pick<Leaf, 'path'>): boolean {
  return path[0] === 'tasks';
}

function boundsOf(said: SaidByPath, leaf: Leaf): readonly Said[] {
  const same = said.get(pathName(leaf.path));
  const top = isOfTask(leaf) ? said.get(pathName(leaf.path.slice(2))) : undefined;
  return [top, same].filter((bound) => bound !== undefined);
}

/** What nobody said, of a task where the operator begins to say something of it: those below begin complete. */
function missing(path: readonly string[], said: SaidByPath, operator: LayerDocument): PolicyFault {
  const [first, task = ''] = path;
  const prefix = `tasks.${task}.`;
  const own = [...said.keys()].find((name) => first === 'tasks' && name.startsWith(prefix));
  const at = (own === undefined ? undefined : said.get(own)?.sources[0]) ?? operator.placeOf([]);
  return { code: 'missing', path: pathName(path), message: 'is not said by any layer', at };
}
