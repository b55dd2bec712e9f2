import { parsedJson } from '../domain/parsed-json.ts';
import type { ModelRoute } from '../policy/model-route.ts';
import type { ModelPrice } from '../policy/price-table.ts';
import type { AskedAnswer } from './asked-answer.ts';
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
import { tokensIn, tokensUnseen } from './reckon-usage.ts';

/** Longest answer that is looked at as a whole. */
const maxAnswerBytes = 16 * 1024 * 1024;

/** What a call to a model is charged to. */
export interface MeteredCall {
  readonly route: ModelRoute;
  readonly model: string;
  readonly price: ModelPrice | undefined;
  /** The day of that price; null where there is none. */
  readonly pricesAsOf: string | null;
  readonly asked: AskedAnswer;
  /** Of the request's body: what the input is reckoned by when the provider does not say. */
  readonly requestBytes: number;
}

/** How an exchange with a model ended. */
export interface MeteredEnd {
  /** Was it broken off from this side? The provider may have written more than came. */
  readonly isBrokenOff: boolean;
  /** From the request to this end. */
  readonly waitedMs: number;
}

/**
 * Reads from a copy of an answer what it used, and charges it as it becomes known. What was written
 * is reckoned until the provider has counted, so that a request that is broken off is not free.
 */
export class UsageMeter {
  readonly #call: MeteredCall;
  readonly #meters: ModelMeters;
  readonly #events = new EventStream((data) => this.#takeEvent(data));
  readonly #whole: Buffer[] = [];
  #wholeBytes = 0;
  #isStream = false;
  #state: 'unsent' | 'sent' | 'answered' | 'free' = 'unsent';
  #unseen = 0;
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

  /** The request goes out. */
  sent(): void {
    this.#state = 'sent';
  }

  /** The provider has refused: nothing is charged. */
  refused(): void {
    this.#state = 'free';
  }

  /** An answer has begun that will be charged. */
  begin(contentType: string): void {
    this.#state = 'answered';
    this.#isStream = /^text\/event-stream\b/i.test(contentType);
  }

  /** Takes a piece of the answer. @throws EgressEnded at a ceiling, or for what cannot be counted */
  take(piece: Buffer): void {
    if (this.#state !== 'answered') return;
    if (this.#isStream) {
      this.#events.take(piece);
      return;
    }
    this.#whole.push(piece);
    this.#wholeBytes += piece.length;
    if (this.#wholeBytes > maxAnswerBytes) throw new EgressEnded('model-unmetered');
  }

  /** Charges what is left. @throws EgressEnded at a ceiling */
  end({ isBrokenOff, waitedMs }: MeteredEnd): void {
    // Without an answer, and nobody here who did not wait for it: it is the provider that failed.
    if (this.#state === 'sent' && !isBrokenOff) this.#state = 'free';
    if (!this.#isCharged) return;
    if (this.#state === 'answered' && !this.#isStream) this.#takeWhole();
    if (isBrokenOff) this.#unseen = tokensUnseen(this.#call.asked, waitedMs);
    this.#charge(this.#reckoned(true));
  }

  /** What is known so far; null where nothing is charged. */
  usage(): ModelUsage | null {
    if (!this.#isCharged) return null;
    const counts = this.#reckoned(true);
    const costMicroUsd = costOf(counts, this.#call.price);
    const { model, pricesAsOf } = this.#call;
    return { model, ...counts, pricesAsOf, costMicroUsd, isEstimate: !this.#isFinal };
  }

  /** What the provider said besides: that it broke off, or that the model refused. */
  said(): ProviderSaid {
    return this.#said;
  }

  get #isCharged(): boolean {
    return this.#state === 'sent' || this.#state === 'answered';
  }

  #takeEvent(data: string): void {
    const event = parsedJson(data);
    this.#said = { ...this.#said, ...saidIn(this.#call.route.kind, event) };
    const news = usageOfEvent(this.#call.route.kind, event);
    this.#beside = usageBeside(this.#call.route.kind, event) ?? this.#beside;
    this.#written += news.written;
    this.#counts = { ...this.#counts, ...news.counts };
    this.#isFinal ||= news.isFinal;
    this.#charge(this.#reckoned(false));
  }

  #takeWhole(): void {
    const answer = parsedJson(Buffer.concat(this.#whole).toString('utf8'));
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
    const output = Math.max(counts.output, tokensIn(this.#written), this.#unseen);
    const isUnknown = this.#counts.input === undefined && isEnd;
    const input = isUnknown ? tokensIn(this.#call.requestBytes) : counts.input;
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
