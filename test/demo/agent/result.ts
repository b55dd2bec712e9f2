import { z } from 'zod';
import type { LedgerEntry } from '../../../src/domain/ledger-entry.ts';
import type { AgentChoice } from './choice.ts';

const count = z.number().nonnegative();
const Closed = z.object({
  model: z
    .object({ input: count, output: count, cacheRead: count, costMicroUsd: count })
    .nullable(),
});

/** What an agent asked of models in one demo, by the ledger. */
export interface AgentResult {
  readonly name: string;
  readonly model: string;
  readonly isScripted: boolean;
  /** Requests that were let out. */
  readonly requests: number;
  /** In and out, cached ones included. */
  readonly tokens: number;
  readonly costMicroUsd: number;
}

export function agentResult(
  { name, provider, liveKey }: AgentChoice,
  entries: readonly LedgerEntry[],
): AgentResult {
  const used = entries
    .filter(({ type }) => type === 'egress.closed')
    .flatMap(({ data }) => Closed.parse(data).model ?? []);
  const sum = (of: (one: (typeof used)[number]) => number): number =>
    used.reduce((all, one) => all + of(one), 0);
  return {
    name,
    model: provider.model,
    isScripted: liveKey === null,
    requests: used.length,
    tokens: sum(({ input, output, cacheRead }) => input + output + cacheRead),
    costMicroUsd: Math.ceil(sum(({ costMicroUsd }) => costMicroUsd)),
  };
}
