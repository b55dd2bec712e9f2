import { Permission } from '../../domain/repository.ts';
import type { Who } from '../document/who.ts';
import type { FaultCode } from '../fault.ts';
import type { Rule } from './rule.ts';

/** Why a value may not stand below another. */
export interface Refusal {
  readonly code: FaultCode;
  readonly message: string;
}

/**
 * Why `below` is wider than `above`, or undefined when it is not. `above` is what was folded so far:
 * for `every` and `who` a list with one entry for each layer that said something.
 */
export function whyWider(rule: Rule, above: unknown, below: unknown): Refusal | undefined {
  switch (rule.kind) {
    case 'at-most':
      return (below as number) > (above as number)
        ? loosens(`${String(below)} is more than ${String(above)}, the ceiling above`)
        : undefined;
    case 'at-least':
      return (below as number) < (above as number)
        ? loosens(`${String(below)} is less than ${String(above)}, which the layer above asks for`)
        : undefined;
    case 'ordered':
      return widerInOrder(rule.order, above, below);
    case 'subset':
      return notIn(above as readonly string[], below as readonly string[]);
    case 'who':
      return lowerPermission(above as readonly Who[], below as Who);
    default:
      // Lists that are added to, and values that widen nothing.
      return undefined;
  }
}

function loosens(message: string): Refusal {
  return { code: 'loosens', message };
}

function widerInOrder(
  order: readonly (string | boolean)[],
  above: unknown,
  below: unknown,
): Refusal | undefined {
  const floor = order.indexOf(above as string);
  if (order.indexOf(below as string) >= floor) return undefined;
  const stricter = order.slice(floor).map(String).join(', ');
  return loosens(`${String(below)} is looser than ${String(above)}; it may be ${stricter}`);
}

function notIn(above: readonly string[], below: readonly string[]): Refusal | undefined {
  const extra = below.filter((entry) => !above.includes(entry));
  if (extra.length === 0) return undefined;
  return loosens(`${extra.join(', ')} is not in the list above, which has ${shownList(above)}`);
}

/** A list in a sentence; long ones are cut. */
export function shownList(entries: readonly string[]): string {
  if (entries.length === 0) return 'nothing';
  const rest = entries.length > 10 ? ', …' : '';
  return `${entries.slice(0, 10).join(', ')}${rest}`;
}

function lowerPermission(above: readonly Who[], below: Who): Refusal | undefined {
  const floor = highestPermission(above);
  if (below.permission === undefined || floor === undefined) return undefined;
  return rank(below.permission) < rank(floor)
    ? loosens(`permission ${below.permission} is below ${floor}, which the layer above asks for`)
    : undefined;
}

function highestPermission(whos: readonly Who[]): Permission | undefined {
  const said = whos.flatMap(({ permission }) => permission ?? []);
  return said.toSorted((a, b) => rank(b) - rank(a))[0];
}

function rank(permission: Permission): number {
  return Permission.options.indexOf(permission);
}

/** What two values come to together: never wider than either of them. */
export function meet(rule: Rule, above: unknown, below: unknown): unknown {
  switch (rule.kind) {
    case 'at-most':
      return Math.min(above as number, below as number);
    case 'at-least':
      return Math.max(above as number, below as number);
    case 'ordered':
      return rule.order[
        Math.max(rule.order.indexOf(above as string), rule.order.indexOf(below as string))
      ];
    case 'subset':
      return (below as readonly string[]).filter((entry) =>
        (above as readonly string[]).includes(entry),
      );
    case 'union':
    case 'protect':
    case 'every':
    case 'who':
      return distinct([...(above as readonly unknown[]), ...(below as readonly unknown[])]);
    default:
      return below;
  }
}

function distinct(entries: readonly unknown[]): readonly unknown[] {
  const byText = new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
  return [...byText.values()];
}

/** The value as it is folded: what every layer has to be satisfied of is a list by layer. */
export function foldable(rule: Rule, value: unknown): unknown {
  return rule.kind === 'every' || rule.kind === 'who' ? [value] : value;
}

/** Which of two values decided what they came to? Both, where both have their say. */
export function decidedBy(rule: Rule, above: unknown, below: unknown): 'above' | 'below' | 'both' {
  const result = meet(rule, above, below);
  if (rule.kind === 'at-most' || rule.kind === 'at-least' || rule.kind === 'ordered') {
    return result === above ? 'above' : 'below';
  }
  return ['union', 'protect', 'every', 'who', 'subset'].includes(rule.kind) ? 'both' : 'below';
}
