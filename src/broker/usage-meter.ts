import type { ModelRoute } from '../policy/model-route.ts';
import type { ModelPrice } from '../policy/price-table.ts';
import { EgressEnded } from './egress-ended.ts';
import { EventStream } from './event-stream.ts';
import type { ModelMeters } from './model-meters.ts';
import {
  costOf,
  type ModelUsage,
  noTokens,
  sumOfTokens,
  type TokenCounts,
  totalTokens,
} from './model-usage.ts';
import { type ProviderSaid, saidIn } from './provider-said.ts';
import { usageBeside, usageOfAnswer, usageOfEvent } from './read-usage.ts';

/** Characters of a token where nobody has counted: about four in English, fewer in code. */
const charactersPerToken = 3;

/** Longest answer that is looked at as a whole. */
const maxAnswerBytes = 16 * 1024 * 1024;

/** What a call to a model is charged to. */
export interface MeteredCall {
  readonly route: ModelRoute;
  readonly model: string;
  readonly price: ModelPrice | undefined;
  /** The day of that price; null where there is none. */
  readonly pricesAsOf: string | null;
  /** Of the request's body: what the input is reckoned by when the provider does not say. */
  readonly requestBytes: number;
}

/**
 * Reads from a copy of an answer what it used, and charges it as it becomes known. What was written
 * is reckoned until the provider has counted, so that a stream broken off is not free.
 */
export class UsageMeter {
  readonly #call: MeteredCall;
  readonly #meters: ModelMeters;
  readonly #events = new EventStream((data) => this.#takeEvent(data));
  readonly #whole: Buffer[] = [];
  #wholeBytes = 0;
  #isStream = false;
  #isAnswered = false;
  #counts: Partial<TokenCounts> = {};
  #isFinal = false;
  #written = 0;
  #said: ProviderSaid = {};
  #beside = noTokens;
  #charged = { tokens: 0, costMicroUsd: 0 };

  constructor(call: MeteredCall, meters: ModelMeters) {
    this.#call = call;
    this.#meters = meters;
  }

  /** An answer has begun that will be charged. */
  begin(contentType: string): void {
    this.#isAnswered = true;
    this.#isStream = /^text\/event-stream\b/i.test(contentType);
  }

  /** Takes a piece of the answer. @throws EgressEnded at a ceiling, or for what cannot be counted */
  take(piece: Buffer): void {
    if (!this.#isAnswered) return;
    if (this.#isStream) {
      this.#events.take(piece);
      return;
    }
    this.#whole.push(piece);
    this.#wholeBytes += piece.length;
    if (this.#wholeBytes > maxAnswerBytes) throw new EgressEnded('model-unmetered');
  }

  /** Charges what is left and gives the sum. Null where no model answered. @throws EgressEnded at a ceiling */
  end(): void {
    if (!this.#isAnswered) return;
    if (!this.#isStream) this.#takeWhole();
    this.#charge(this.#reckoned(true));
  }

  /** What is known so far; null where no model answered. */
  usage(): ModelUsage | null {
    if (!this.#isAnswered) return null;
    const counts = this.#reckoned(true);
    const costMicroUsd = costOf(counts, this.#call.price);
    const { model, pricesAsOf } = this.#call;
    return { model, ...counts, pricesAsOf, costMicroUsd, isEstimate: !this.#isFinal };
  }

  /** What the provider said besides: that it broke off, or that the model refused. */
  said(): ProviderSaid {
    return this.#said;
  }

  #takeEvent(data: string): void {
    const event = parsed(data);
    this.#said = { ...this.#said, ...saidIn(this.#call.route.kind, event) };
    const news = usageOfEvent(this.#call.route.kind, event);
    this.#beside = usageBeside(this.#call.route.kind, event) ?? this.#beside;
    this.#written += news.written;
    this.#counts = { ...this.#counts, ...news.counts };
    this.#isFinal ||= news.isFinal;
    this.#charge(this.#reckoned(false));
  }

  #takeWhole(): void {
    const answer = parsed(Buffer.concat(this.#whole).toString('utf8'));
    this.#said = saidIn(this.#call.route.kind, answer);
    this.#beside = usageBeside(this.#call.route.kind, answer) ?? noTokens;
    const counts = usageOfAnswer(this.#call.route.kind, answer);
    this.#written = this.#wholeBytes;
    this.#counts = counts ?? {};
    this.#isFinal = counts?.input !== undefined && counts.output !== undefined;
  }

  /** Counts, with estimates where the provider has not spoken; of the input only at the end. */
  #reckoned(isEnd: boolean): TokenCounts {
    return sumOfTokens(this.#beside, this.#reckonedTurn(isEnd));
  }

  #reckonedTurn(isEnd: boolean): TokenCounts {
    const counts = { ...noTokens, ...this.#counts };
    if (this.#isFinal) return counts;
    const output = Math.max(counts.output, Math.ceil(this.#written / charactersPerToken));
    const isUnknown = this.#counts.input === undefined && isEnd;
    const input = isUnknown
      ? Math.ceil(this.#call.requestBytes / charactersPerToken)
      : counts.input;
    return { ...counts, input, output };
  }

  #charge(counts: TokenCounts): void {
    const tokens = totalTokens(counts);
    const costMicroUsd = costOf(counts, this.#call.price);
    const more = {
      tokens: tokens - this.#charged.tokens,
      costMicroUsd: costMicroUsd - this.#charged.costMicroUsd,
    };
    this.#charged = { tokens, costMicroUsd };
    if (more.tokens !== 0 || more.costMicroUsd !== 0) this.#meters.add(this.#call.route, more);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `[DONE]`, or what is no JSON: it says nothing of usage, and the end is then an estimate.
    return undefined;
  }
}
