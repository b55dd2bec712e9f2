import type { IncomingMessage } from 'node:http';
import type { Address } from '../ports/network.ts';
import type { BrokerContext } from './broker-context.ts';
import { EgressEnded } from './egress-ended.ts';
import type { Exchange } from './exchange.ts';
import { type AnswerHandling, exchangeHttp, type OutgoingRequest } from './http-exchange.ts';
import type { WithSecret } from './inject-credential.ts';
import { modelAnswerHeaders } from './model-headers.ts';
import { connectTo, type Upstream } from './open-connection.ts';
import {
  defaultRetry,
  type ProviderFault,
  providerFaultOf,
  waitBeforeNext,
} from './provider-fault.ts';
import { type MeteredCall, UsageMeter } from './usage-meter.ts';

/** A request to a model: all of it checked, and let out. */
export interface ProviderCall extends Omit<MeteredCall, 'requestBytes'> {
  readonly upstream: Upstream;
  readonly addresses: readonly Address[];
  readonly outgoing: OutgoingRequest & { readonly body: Buffer };
  /** The headers with the credential as it is now. @throws EgressEnded `credential-missing` */
  readonly authorize: () => Promise<WithSecret>;
  readonly headerBytes: number;
  /** Is the answer paid for? */
  readonly isMetered: boolean;
}

/**
 * Asks a provider until it answers or the route's patience ends: faults of the moment are met here, before anything
 * of them has reached the sandbox. The last answer goes on as it comes. @throws EgressEnded by name
 */
export async function askProvider(
  context: BrokerContext,
  exchange: Exchange,
  call: ProviderCall,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    exchange.provider = { ...exchange.provider, attempts: attempt };
    const waitMs = await askOnce(context, exchange, { ...call, attempt });
    if (waitMs === undefined) break;
    exchange.touch();
    await context.clock.after(waitMs, exchange.signal);
    exchange.signal.throwIfAborted();
    exchange.touch();
  }
}

/** How long to wait before the next try, ms; undefined: the sandbox has its answer. */
async function askOnce(
  context: BrokerContext,
  exchange: Exchange,
  call: ProviderCall & { readonly attempt: number },
): Promise<number | undefined> {
  const { outgoing, headerBytes, attempt } = call;
  const sent = attempt === 1 ? {} : await call.authorize();
  // The body was counted when it came from the sandbox, which is once.
  exchange.count('up', headerBytes + (attempt > 1 ? outgoing.body.length : 0));
  const socket = await connectTo(context, exchange, call);
  const meter = new UsageMeter({ ...call, requestBytes: outgoing.body.length }, context.models);
  const next = new Next(context, exchange, call);
  const sentAtMs = context.clock.nowMs();
  if (call.isMetered) meter.sent();
  try {
    await exchangeHttp(exchange, socket, {
      outgoing: { ...outgoing, ...sent },
      handling: handlingOf(context, { call, meter, next }),
    });
  } finally {
    settle(exchange, meter, context.clock.nowMs() - sentAtMs);
  }
  return next.waitMs;
}

/** What becomes of an answer that is a provider's fault. */
class Next {
  readonly #context: BrokerContext;
  readonly #exchange: Exchange;
  readonly #call: ProviderCall & { readonly attempt: number };
  fault: ProviderFault | undefined;
  waitMs: number | undefined;

  constructor(
    context: BrokerContext,
    exchange: Exchange,
    call: ProviderCall & { readonly attempt: number },
  ) {
    this.#context = context;
    this.#exchange = exchange;
    this.#call = call;
  }

  /** Is the answer held back, and the provider asked again? */
  hold({ statusCode = 0, headers }: IncomingMessage, start: string): boolean {
    this.fault = providerFaultOf(statusCode, headers, start);
    this.#exchange.provider = { ...this.#exchange.provider, providerError: this.fault.text };
    if (this.fault.isLasting) return false;
    const rule = this.#call.route.retry ?? defaultRetry;
    const nowMs = this.#context.clock.nowMs();
    this.waitMs = waitBeforeNext(this.#call.attempt, { headers, rule, nowMs });
    return this.waitMs !== undefined;
  }
}

function handlingOf(
  { policy }: BrokerContext,
  {
    call,
    meter,
    next,
  }: { readonly call: ProviderCall; readonly meter: UsageMeter; readonly next: Next },
): AnswerHandling {
  return {
    maxHeaderBytes: policy.limits.headerBytes,
    maxBodyBytes: policy.limits.bodyBytes,
    hold: (answer, start) => {
      meter.refused();
      return next.hold(answer, start);
    },
    filter: (answer, shown) => {
      const filtered = modelAnswerHeaders(answer, shown);
      const isCharged = call.isMetered && (answer.statusCode ?? 0) < 300;
      if (isCharged) meter.begin(answer.headers['content-type'] ?? '');
      else meter.refused();
      return next.fault?.isLasting === true ? { ...filtered, 'x-should-retry': 'false' } : filtered;
    },
    watch: (piece) => meter.take(piece),
  };
}

/** The last charge. A ceiling that it reaches holds for the next request: this answer is out. */
function settle(exchange: Exchange, meter: UsageMeter, waitedMs: number): void {
  try {
    meter.end({ isBrokenOff: exchange.isBrokenOff, waitedMs });
  } catch (error) {
    if (!(error instanceof EgressEnded)) throw error;
  } finally {
    exchange.model = meter.usage();
    const { error, refusal } = meter.said();
    exchange.provider = {
      ...exchange.provider,
      ...(error === undefined ? {} : { providerError: error }),
      ...(refusal === undefined ? {} : { refusal }),
    };
  }
}
