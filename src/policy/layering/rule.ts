/**
 * How a value of a lower layer may differ from the one above it, and what the two of them come to.
 * The first four take the stricter value; the lists hold by construction; `nearest` widens nothing.
 */
export type Rule =
  /** A number that may only fall. */
  | { readonly kind: 'at-most' }
  /** A number that may only rise. */
  | { readonly kind: 'at-least' }
  /** One of a few values, loosest first, that may only move on. */
  | (Blinding & { readonly kind: 'ordered'; readonly order: readonly (string | boolean)[] })
  /** A list of which layers below may keep a part. `unsaid`: what it is where no layer says it. */
  | { readonly kind: 'subset'; readonly unsaid?: 'nothing' }
  /** A list to which layers below may add. */
  | (Blinding & { readonly kind: 'union' })
  /** A list of protected paths: likewise, and `!path` is refused by name. */
  | { readonly kind: 'protect' }
  /** A list of globs; what is let through has to match those of every layer. */
  | (Blinding & { readonly kind: 'every' })
  /** People; who may has to satisfy every layer. */
  | { readonly kind: 'who' }
  /** The nearest layer that says it wins. `starts`: what is reviewed hangs on it, so people look at a change. */
  | { readonly kind: 'nearest'; readonly starts?: 'with-each' | 'in-doubt' }
  /** The same, out of what `list`, a key at the top, allows. */
  | { readonly kind: 'member'; readonly list: 'agents' | 'images' }
  /** The same, but once a layer names one, those below choose from what that layer itself lists. */
  | { readonly kind: 'pin'; readonly list: 'images' }
  /** The task above that a task which a layer adds stays within. */
  | { readonly kind: 'within' }
  /** Only the operator's layer may say it; `opens` tells what a longer list of it does. */
  | { readonly kind: 'operator'; readonly opens?: boolean };

/** Narrowing it narrows what a review sees, which people should look at as much as at widening it. */
interface Blinding {
  readonly blinds?: true;
}

type Kind<K extends Rule['kind']> = Extract<Rule, { readonly kind: K }>;
type Free = Kind<'nearest' | 'member' | 'pin' | 'within' | 'operator'>;

type RuleFor<T> = [T] extends [number]
  ? Kind<'at-most' | 'at-least'> | Free
  : [T] extends [readonly unknown[]]
    ? Kind<'subset' | 'union' | 'protect' | 'every'> | Free
    : Kind<'ordered'> | Free;

type Said<T> = NonNullable<T>;

/**
 * A rule for every leaf of a document of type `T`: a key without a rule does not compile.
 * `*` stands for every name of a record.
 */
export type RuleTree<T> = string extends keyof T
  ? Branch<T>
  : 'author' extends keyof T
    ? Kind<'who'>
    : Branch<T>;

type Branch<T> = T extends readonly unknown[] | string | number | boolean
  ? RuleFor<T>
  : string extends keyof T
    ? { readonly '*': RuleTree<Said<T[keyof T]>> }
    : { readonly [K in keyof T]-?: LeafOrTree<Said<T[K]>> };

type LeafOrTree<T> = [T] extends [readonly unknown[] | string | number | boolean]
  ? RuleFor<T>
  : RuleTree<T>;

/** Rules without the types of the values that they are for. */
export interface RuleNode {
  readonly [key: string]: Rule | RuleNode;
}

/** Is this the rule of a leaf, and not a section? */
export function isRule(node: Rule | RuleNode): node is Rule {
  return typeof node['kind' as keyof typeof node] === 'string';
}
