import type { ModelUsage } from './model-usage.ts';

/** What was asked for, as far as it could be read. No query, no user information, no header. */
export interface EgressSubject {
  /** Counts a task's requests, from 1; ties `egress.allowed` to its `egress.closed`. */
  readonly exchange: number;
  readonly ruleId: string | null;
  readonly method: string;
  readonly host: string;
  readonly port: number | null;
  /** Null for a tunnel. At most 512 characters of printable ASCII. */
  readonly path: string | null;
}

/**
 * One line for the ledger. Each request gives either one `egress.denied`, or an `egress.allowed`
 * before anything is sent out and an `egress.closed` at its end.
 */
export type EgressRecord =
  | (EgressSubject & {
      readonly type: 'egress.allowed';
      /** Every address that was checked; the connection goes to one of them. */
      readonly addresses: readonly string[];
    })
  | (EgressSubject & { readonly type: 'egress.denied'; readonly reason: string })
  | (EgressSubject & {
      readonly type: 'egress.closed';
      /** `complete`, or what ended it by name. */
      readonly ending: string;
      /** The upstream's; null where there was none, and for tunnels. */
      readonly status: number | null;
      readonly bytesUp: number;
      readonly bytesDown: number;
      readonly ms: number;
      readonly model: ModelUsage | null;
      /** Of a model: how often its provider was asked; absent for everything else. */
      readonly attempts?: number;
      /** What the provider last failed with, as `529 overloaded_error`; absent: it did not. */
      readonly providerError?: string;
      /** By which category the model refused to answer; absent: it did not. */
      readonly refusal?: string;
    });

/**
 * Text of a sandbox as it may stand in a record: printable ASCII without quotes and backslashes, the
 * rest escaped, and short.
 */
export function recordable(text: string, maxLength: number): string {
  const clipped = text.slice(0, maxLength);
  return clipped
    .replace(/[^\x21\x23-\x5b\x5d-\x7e]/g, (character) =>
      encodeURIComponent(character.toWellFormed()),
    )
    .slice(0, maxLength);
}
