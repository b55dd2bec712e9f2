import { compareLayers, type PolicyChange } from '../../policy/compare.ts';
import type { LayerName, PolicyFault } from '../../policy/fault.ts';
import { foldSources, type PolicySources } from '../../policy/fold-sources.ts';
import { readLayer } from '../../policy/parsing/read-layer.ts';
import type { CheckView } from '../plan-state.ts';
import { annotated, annotationsOfFaults } from './annotations.ts';
import { changesTable, changeTitle } from './change-table.ts';
import { faultsSection, faultTitle } from './fault-section.ts';

/** A change of one policy file, as a pull request makes it. Null: there is no such file on that side. */
export interface PolicyEdit {
  readonly layer: Exclude<LayerName, 'operator'>;
  /** Its path in the repository. */
  readonly path: string;
  readonly before: Uint8Array | string | null;
  readonly after: Uint8Array | string | null;
  /** The layers above, the operator's first. */
  readonly above: PolicySources;
}

const holds =
  'Until this is merged, the policy of the base branch holds, for this pull request as well.\n\n';

/**
 * The check run of a pull request that edits a policy: faults as annotations on their lines, and what the
 * change loosens and tightens. It fails on faults, also on those of the layers above, since then nothing
 * can be said; a change that loosens something is neutral, so that people look. Pure; what the files
 * say is hostile and neutralised.
 */
export function planPolicyCheck(edit: PolicyEdit): CheckView {
  const { layer, path, after, above } = edit;
  const sources: PolicySources =
    after === null ? above : [...above, { layer, file: path, content: after }];
  const folding = foldSources(sources);
  if (!folding.ok) return faulty(edit, folding.faults);
  const before = contentOf(edit, edit.before);
  if (before === undefined) {
    const title = 'The policy is well formed';
    const was = 'The policy of the base could not be read, so there is nothing to compare with.';
    return view('neutral', { title, summary: `${holds}${was}` });
  }
  return compared(compareLayers(before, contentOf(edit, after) ?? null));
}

/** The same for a file that is none, or is too large to be read. `reason` says what it is. */
export function planUnreadablePolicy(
  edit: Pick<PolicyEdit, 'layer' | 'path'>,
  reason: string,
): CheckView {
  const at = { layer: edit.layer, file: edit.path, line: 1, column: 1 };
  return faulty(edit, [{ code: 'text', path: '', message: reason, at }]);
}

function compared(changes: readonly PolicyChange[]): CheckView {
  const loosens = changes.some(({ direction }) => direction === 'looser');
  const output = { title: changeTitle(changes), summary: `${holds}${changesTable(changes)}` };
  return view(loosens ? 'neutral' : 'success', output);
}

function faulty(
  { layer, path }: Pick<PolicyEdit, 'layer' | 'path'>,
  faults: readonly PolicyFault[],
): CheckView {
  const { marked, note } = annotated(faults.filter(({ at }) => at.layer === layer));
  const summary = `${holds}${faultsSection(faults)}${note}`;
  const shown = view('failure', { title: faultTitle(faults, layer), summary });
  return { ...shown, annotations: annotationsOfFaults(marked, path) };
}

/** What a side says; null where it has no file, undefined where it cannot be read. */
function contentOf({ layer, path }: PolicyEdit, content: PolicyEdit['before']) {
  if (content === null) return null;
  const reading = readLayer({ layer, file: path, content });
  return reading.ok ? reading.document.content : undefined;
}

function view(
  conclusion: 'success' | 'neutral' | 'failure',
  output: CheckView['output'],
): CheckView {
  return { state: { status: 'completed', conclusion }, output, annotations: [], actions: [] };
}
