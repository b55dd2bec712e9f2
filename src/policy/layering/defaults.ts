import type { Layer } from '../document/layer.ts';
import { reviewDefaults } from '../document/review.ts';
import type { LayerDocument } from '../parsing/read-layer.ts';
import type { Rule } from './rule.ts';
import { ruleAt } from './rules.ts';
import type { Said } from './said.ts';

/**
 * What an operator who does not say it means: all rules of egress, no image but the runner's own, drafts,
 * and nothing on a pull request that was not there before.
 * Where the operator does say it, that stands instead, so that layers below are bound in either case.
 */
export function defaultsOf({ content, placeOf }: LayerDocument): readonly Said[] {
  const { rules = [], modelRoutes = [] } = content.egress ?? {};
  const use = [...rules, ...modelRoutes].map(({ id }) => id);
  const rows: readonly Row[] = [
    { path: ['outputs', 'pullRequest'], value: content.outputs?.pullRequest ?? 'draft' },
    { path: ['outputs', 'labels'], value: content.outputs?.labels ?? [] },
    { path: ['outputs', 'answer'], value: content.outputs?.answer ?? 'none' },
    ...reviewRows(content.review ?? {}),
    { path: ['egress', 'use'], value: use, place: ['egress'] },
    { path: ['images'], value: content.images ?? [] },
  ];
  return rows.map(({ path, value, place = path }) => ({
    path,
    value,
    rule: ruleAt(path) as Rule,
    sources: [placeOf(place)],
  }));
}

interface Row {
  readonly path: readonly string[];
  readonly value: unknown;
  /** Where the value stands, when that is not `path`. */
  readonly place?: readonly string[];
}

function reviewRows(review: NonNullable<Layer['review']>): readonly Row[] {
  return Object.entries({ ...reviewDefaults, ...review })
    .filter(([key]) => Object.hasOwn(reviewDefaults, key))
    .map(([key, value]) => ({ path: ['review', key], value }));
}
