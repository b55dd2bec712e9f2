import type { Place, PolicyFault } from '../fault.ts';
import { closestWord } from '../parsing/closest-word.ts';
import type { LayerDocument } from '../parsing/read-layer.ts';
import { shownList } from './narrow.ts';
import { pathName, type SaidByPath } from './said.ts';

/**
 * Puts each task that this document adds within the task above that it names: it begins with all that the
 * layers above said of that one, but for when it starts and what it is told. So a name of its own gives a
 * layer nothing that it does not have by a name above.
 * What the document itself says of that other task does not count. The operator has nobody above.
 * Returns what is wrong with the names.
 */
export function placeOwnTasks(said: SaidByPath, document: LayerDocument): readonly PolicyFault[] {
  const above: Above = { said: new Map(said), names: namesOf(said) };
  return Object.entries(document.content.tasks ?? {}).flatMap(([name, { within }]) => {
    const refusal = whyMisplaced({ name, within, layer: document.layer }, above);
    if (refusal !== undefined) return [faultOf(refusal, { name, document, above })];
    if (within !== undefined) begin(said, { name, within, above });
    return [];
  });
}

/** What the layers above said, and the tasks that they have. */
interface Above {
  readonly said: SaidByPath;
  /** The first place that says something of it, by task. */
  readonly names: ReadonlyMap<string, Place>;
}

interface Named extends Pick<LayerDocument, 'layer'> {
  readonly name: string;
  readonly within: string | undefined;
}

type Refusal = Pick<PolicyFault, 'code' | 'message'> & {
  /** The task above that it is about; none: all of them. */
  readonly about?: string;
};

function whyMisplaced({ name, within, layer }: Named, { names }: Above): Refusal | undefined {
  const known = [...names.keys()];
  if (layer === 'operator') {
    return within === undefined
      ? undefined
      : notAllowed('is of tasks that a layer below adds; the operator has no layer above');
  }
  if (names.has(name)) {
    return within === undefined
      ? undefined
      : notAllowed(`is of tasks that a layer adds, and the layers above have ${name}`, name);
  }
  if (within === undefined) {
    const message = `is missing; a task that a layer adds stays within one above: ${shownList(known)}`;
    return { code: 'missing', message };
  }
  if (names.has(within)) return undefined;
  const meant = closestWord(within, known);
  const hint = meant === undefined ? `which have ${shownList(known)}` : `did you mean ${meant}?`;
  return notAllowed(`${within} is no task of the layers above; ${hint}`);
}

function notAllowed(message: string, about?: string): Refusal {
  const refusal = { code: 'not-allowed', message } as const;
  return about === undefined ? refusal : { ...refusal, about };
}

function faultOf(
  { code, message, about }: Refusal,
  it: { readonly name: string; readonly document: LayerDocument; readonly above: Above },
): PolicyFault {
  const { name, document, above } = it;
  const path = ['tasks', name, 'within'];
  const at = document.placeOf(path);
  const fault = { code, path: pathName(path), message, at };
  const [first] = above.names.values();
  const other = about === undefined ? first : above.names.get(about);
  return other === undefined ? fault : { ...fault, above: other };
}

function namesOf(said: SaidByPath): Above['names'] {
  const names = new Map<string, Place>();
  for (const { path, sources } of said.values()) {
    const [first, name] = path;
    const [place] = sources;
    if (first !== 'tasks' || name === undefined || place === undefined) continue;
    if (!names.has(name)) names.set(name, place);
  }
  return names;
}

function begin(
  said: SaidByPath,
  it: { readonly name: string; readonly within: string; readonly above: Above },
): void {
  for (const known of it.above.said.values()) {
    const [first, name, ...rest] = known.path;
    // What widens nothing is the task's own to say, and `within` always is.
    const isFree = known.rule.kind === 'nearest' || known.rule.kind === 'within';
    if (first !== 'tasks' || name !== it.within || isFree) continue;
    const path = ['tasks', it.name, ...rest];
    said.set(pathName(path), { ...known, path });
  }
}
