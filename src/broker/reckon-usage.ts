import type { ModelPrice } from '../policy/price-table.ts';
import type { AskedAnswer } from './asked-answer.ts';
import { costOf, noTokens } from './model-usage.ts';

/** Characters of a token where nobody has counted: about four in English, fewer in code. */
const charactersPerToken = 3;
/** Tokens that a model writes in a second without showing them; the large ones write 50 to 100. */
const tokensPerSecond = 100;
/** Tokens of an answer that the request set no end to. */
const openEndTokens = 32_768;

/** Tokens of so many characters, or bytes. */
export function tokensIn(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

/**
 * Tokens that may have been written of an answer that was broken off after so many ms: one that comes as a whole is
 * written to its end, whoever listens, and of a stream not all is shown.
 */
export function tokensUnseen({ maxTokens, isStream }: AskedAnswer, waitedMs: number): number {
  const most = maxTokens ?? openEndTokens;
  return isStream ? Math.min(most, Math.ceil((waitedMs * tokensPerSecond) / 1_000)) : most;
}

/** What a request will use that cannot be stopped any more: its input, and an answer that comes as a whole. */
export function expectedUse({
  requestBytes,
  asked,
  price,
}: {
  readonly requestBytes: number;
  readonly asked: AskedAnswer;
  readonly price: ModelPrice | undefined;
}): { readonly tokens: number; readonly costMicroUsd: number } {
  const input = tokensIn(requestBytes);
  const output = asked.isStream ? 0 : tokensUnseen(asked, 0);
  return {
    tokens: input + output,
    costMicroUsd: costOf({ ...noTokens, input, output }, price),
  };
}
