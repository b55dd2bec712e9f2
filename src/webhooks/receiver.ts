import type { IncomingHttpHeaders } from 'node:http';
import { pino } from 'pino';
import { type ApplicationFunction, Probot } from 'probot';
import { SallyportError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** What a delivery is answered with. */
export interface Reception {
  readonly status: 200 | 400 | 401 | 415 | 503;
  readonly message: string;
}

/** Checks one delivery and hands it over. Never rejects. */
export type Receive = (headers: IncomingHttpHeaders, body: Uint8Array) => Promise<Reception>;

/** What the receiver is given. */
export interface ReceiverOptions {
  readonly webhookSecret: string;
  readonly app: ApplicationFunction;
  readonly log: Log;
  readonly clock: Clock;
}

/** GitHub gives up after 10 s; by then it must have been told that the delivery failed. */
const deadlineMs = 8_000;
const minSecretLength = 16;

/**
 * Verifies, parses and hands over; the answer is 200 only when every handler is done.
 * Probot's own middleware is not used: it has no cap, answers 202 while a handler may still fail, sends
 * error texts out, and logs whole payloads. Probot gets no App key: handlers convert and enqueue.
 * @throws SallyportError `config.invalid` for a secret that is missing, short or Probot's default
 */
export async function createReceiver(options: ReceiverOptions): Promise<Receive> {
  const { app, log, clock } = options;
  const secret = checkedSecret(options.webhookSecret);
  const probot = new Probot({ githubToken: 'none', secret, log: pino({ level: 'silent' }) });
  await probot.ready();
  await probot.load(app);
  const { webhooks } = probot;

  return async (headers, body) => {
    const named = readHeaders(headers);
    if ('status' in named) return named;
    const text = decode(body);
    // Over the text of strict UTF-8, which is one to one with the bytes that were signed.
    const isSigned =
      text !== undefined && text !== '' && (await webhooks.verify(text, named.signature));
    if (!isSigned) {
      log.warn({ deliveryId: named.id }, 'delivery with a wrong signature');
      return { status: 401, message: 'wrong signature' };
    }
    const payload = parseObject(text);
    if (payload === undefined) return { status: 400, message: 'the body is not a JSON object' };
    const event = { id: named.id, name: named.event, payload } as Parameters<
      typeof webhooks.receive
    >[0];
    return handOver(webhooks.receive(event), { ...named, log, clock });
  };
}

interface Named {
  readonly id: string;
  readonly event: string;
  readonly signature: string;
}

function readHeaders(headers: IncomingHttpHeaders): Named | Reception {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return { status: 415, message: 'the content type must be application/json' };
  }
  const id = headers['x-github-delivery'];
  const event = headers['x-github-event'];
  const signature = headers['x-hub-signature-256'];
  // The id becomes a job's name and the event a property's name: neither may be anything else.
  if (typeof id !== 'string' || !/^[0-9A-Za-z-]{1,80}$/.test(id)) {
    return { status: 400, message: 'X-GitHub-Delivery is missing or malformed' };
  }
  if (typeof event !== 'string' || !/^[a-z]+(_[a-z]+)*$/.test(event)) {
    return { status: 400, message: 'X-GitHub-Event is missing or malformed' };
  }
  if (typeof signature !== 'string' || !/^sha256=[0-9a-f]{64}$/.test(signature)) {
    return { status: 401, message: 'X-Hub-Signature-256 is missing or malformed' };
  }
  return { id, event, signature };
}

async function handOver(
  handled: Promise<unknown>,
  { id, event, log, clock }: Named & Pick<ReceiverOptions, 'log' | 'clock'>,
): Promise<Reception> {
  const done = handled.then(
    () => true,
    (error: unknown) => {
      log.error({ deliveryId: id, event, codes: codesOf(error) }, 'delivery could not be taken');
      return false;
    },
  );
  const answered = new AbortController();
  const late = clock.after(deadlineMs, answered.signal).then(() => 'late' as const);
  const outcome = await Promise.race([done, late]);
  answered.abort();
  if (outcome === true) return { status: 200, message: 'ok' };
  if (outcome === 'late') log.error({ deliveryId: id, event }, 'delivery was not taken in time');
  return { status: 503, message: 'not taken; deliver it again' };
}

/** Codes, or the error's name: its text can quote the payload. */
function codesOf(error: unknown): string[] {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.map((one) => {
    if (one instanceof SallyportError) return one.code;
    return one instanceof Error ? one.name : 'unknown';
  });
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    // Not UTF-8, so not GitHub's: there is no text whose signature could be right.
    return undefined;
  }
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // Not JSON: the caller answers with 400.
    return undefined;
  }
}

function checkedSecret(secret: string): string {
  // Probot falls back to `development` where there is none, and anyone can sign with that.
  if (secret.length >= minSecretLength && !secret.startsWith('development')) return secret;
  throw new SallyportError('config.invalid', 'WEBHOOK_SECRET must have 16 characters or more');
}
