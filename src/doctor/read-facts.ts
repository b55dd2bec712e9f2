import { parsedJson } from '../domain/parsed-json.ts';
import { ContainmentLine, type Facts } from '../protocol/containment.ts';
import type { SandboxEvent } from '../protocol/event.ts';

/** What one attempt told. */
export interface Told {
  readonly facts: Facts;
  readonly isDone: boolean;
}

/** Nothing was told. */
export const nothingTold: Told = { facts: {}, isDone: false };

/**
 * Facts by attempt, from the agent's stdout. Takes only lines of the right shape under this run's nonce:
 * any other output, whoever printed it, is no evidence.
 */
export function readFacts(
  events: readonly SandboxEvent[],
  nonce: string,
): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  for (const event of events) {
    if (event.type !== 'log' || event.stream !== 'stdout') continue;
    const line = ContainmentLine.safeParse(parsedJson(event.text));
    if (!line.success || line.data.nonce !== nonce) continue;
    const { attempt, facts, isDone } = line.data;
    const before = told.get(attempt) ?? nothingTold;
    told.set(attempt, { facts: { ...before.facts, ...facts }, isDone: isDone || before.isDone });
  }
  return told;
}
