import type { IncomingHttpHeaders } from 'node:http2';
import { EgressEnded } from './egress-ended.ts';

/** Headers in which agents give a key; it is nowhere else. */
export const keyHeaders = ['x-api-key', 'authorization'] as const;

/**
 * Takes a request to a model only with the word that this run's agent was given for a key. A key of somebody else
 * would make of the model a way out to them; our own word shows who asks.
 * @throws EgressEnded `model-key` for another word, several, or none
 */
export function requireModelKey(headers: IncomingHttpHeaders, key: string): void {
  const given = keyHeaders.flatMap((name) => headers[name] ?? []);
  const words = given.map((value) => value.replace(/^bearer +/i, ''));
  if (words.length === 0 || words.some((word) => word !== key)) throw new EgressEnded('model-key');
}
