import { canonicalJson } from '../../domain/canonical-json.ts';
import type { JsonValue } from '../../domain/ledger-entry.ts';
import { Permission } from '../../domain/repository.ts';
import type { Who } from '../document/who.ts';
import type { Rule } from './rule.ts';

/** What a change does. `other`: neither, as another agent. */
export type Direction = 'looser' | 'tighter' | 'other';

/** The two sides of a change; undefined where nothing is said, which is as the layer above says. */
export interface Change {
  readonly before: unknown;
  readonly after: unknown;
}

/** What a change of one leaf does. In doubt it is looser: that is the one people should look at. */
export function directionOf(rule: Rule, { before, after }: Change): Direction {
  if ('blinds' in rule) return 'looser';
  switch (rule.kind) {
    case 'at-most':
      return byNumber(ceiling(after) - ceiling(before));
    case 'at-least':
      return byNumber(floor(before) - floor(after));
    case 'ordered':
      return byNumber(rule.order.indexOf(before as string) - rule.order.indexOf(after as string));
    case 'subset':
      if (rule.unsaid === 'nothing') return byEntries(before, after, 'looser');
      return unsaid(before, after) ?? byEntries(before, after, 'looser');
    case 'every':
      return unsaid(before, after) ?? byEntries(before, after, 'looser');
    case 'union':
    case 'protect':
      return byEntries(before, after, 'tighter');
    case 'who':
      return unsaid(before, after) ?? byWho(before as Who, after as Who);
    case 'pin':
      return byPin(before, after);
    case 'within':
      // A way in by a new name, or within another task: people look at it.
      return after === undefined ? 'tighter' : 'looser';
    case 'nearest':
      return rule.starts === undefined ? 'other' : byStarts(rule.starts, { before, after });
    case 'operator':
      return rule.opens === undefined ? 'other' : byEntries(before, after, opening(rule.opens));
    default:
      return 'other';
  }
}

function opening(opens: boolean): 'looser' | 'tighter' {
  return opens ? 'looser' : 'tighter';
}

/** How much wider the change makes it; never 0, as the two sides differ. */
function byNumber(wider: number): Direction {
  return wider > 0 ? 'looser' : 'tighter';
}

function ceiling(value: unknown): number {
  return typeof value === 'number' ? value : Infinity;
}

function floor(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** A list of what is allowed narrows by being there at all. */
function unsaid(before: unknown, after: unknown): Direction | undefined {
  if (before === undefined) return 'tighter';
  return after === undefined ? 'looser' : undefined;
}

/** A task that starts less often lets through what it would have looked at. */
function byStarts(starts: 'with-each' | 'in-doubt', { before, after }: Change): Direction {
  if (starts === 'in-doubt' || before === undefined || after === undefined) return 'looser';
  return byEntries(before, after, 'tighter');
}

/** Null is no pin, as nothing said is. */
function byPin(before: unknown, after: unknown): Direction {
  const [was, is] = [typeof before === 'string', typeof after === 'string'];
  if (was === is) return 'other';
  return is ? 'tighter' : 'looser';
}

/** `added` is what one more entry does; one less does the opposite, and loosening is what is told. */
function byEntries(before: unknown, after: unknown, added: 'looser' | 'tighter'): Direction {
  const [old, young] = [entries(before), entries(after)];
  const gained = young.some((entry) => !old.includes(entry));
  const lost = old.some((entry) => !young.includes(entry));
  const loosens = added === 'looser' ? gained : lost;
  if (loosens) return 'looser';
  return gained || lost ? 'tighter' : 'other';
}

function entries(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((entry) => canonicalJson(entry as JsonValue)) : [];
}

/** Each thing said is one more way in; a lower permission lets more people in. */
function byWho(before: Who, after: Who): Direction {
  const rank = ({ permission }: Who): number =>
    permission === undefined ? Infinity : Permission.options.indexOf(permission);
  const flags = (who: Who): readonly string[] => [
    ...(who.teams ?? []),
    ...(who.users ?? []),
    ...(who.codeOwners === true ? ['codeOwners:'] : []),
    ...(who.author === true ? ['author:'] : []),
  ];
  const ways = byEntries(flags(before), flags(after), 'looser');
  if (rank(after) < rank(before) || ways === 'looser') return 'looser';
  return rank(after) > rank(before) || ways === 'tighter' ? 'tighter' : 'other';
}
