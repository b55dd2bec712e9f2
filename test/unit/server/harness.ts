import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { Trigger } from '../../../src/domain/trigger.ts';
import type { HealthChecks } from '../../../src/readiness.ts';
import { type RunningServer, startServer } from '../../../src/server.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { appId, deliveryId } from '../webhooks/payloads.ts';

const webhookSecret = 'a-secret-of-32-characters-000000';
export const maxBodyBytes = 64 * 1024;

/** A server on a free loopback port, with what it enqueued and logged. */
export interface Harness {
  readonly server: RunningServer;
  readonly triggers: Trigger[];
  readonly lines: { readonly level: string; readonly fields: object; readonly message: string }[];
  readonly clock: FakeClock;
}

/** Starts a server; `enqueue` and `health` are the parts that tests break. */
export async function startHarness(
  parts: { enqueue?: (trigger: Trigger) => Promise<void>; health?: HealthChecks } = {},
): Promise<Harness> {
  const triggers: Trigger[] = [];
  const lines: Harness['lines'] = [];
  const clock = new FakeClock();
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    appId,
    webhookSecret,
    maxBodyBytes,
    clock,
    log: { info: at('info'), warn: at('warn'), error: at('error') },
    health: parts.health ?? {},
    enqueue:
      parts.enqueue ??
      (async (trigger) => {
        triggers.push(trigger);
      }),
  });
  return { server, triggers, lines, clock };
}

/** `X-Hub-Signature-256` over the bytes, as GitHub makes it. */
export function sign(body: Uint8Array | string, secret = webhookSecret): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** The headers of a delivery; `undefined` takes one away. */
export function deliveryHeaders(
  body: Uint8Array | string,
  overrides: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const headers = {
    'content-type': 'application/json',
    'x-github-delivery': deliveryId,
    'x-github-event': 'pull_request',
    'x-hub-signature-256': sign(body),
    ...overrides,
  };
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Posts a delivery to the webhook path and gives status and answer. */
export async function post(
  harness: Harness,
  body: Uint8Array | string,
  headers = deliveryHeaders(body),
): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${harness.server.url}/api/github/webhooks`, {
    method: 'POST',
    headers,
    body,
  });
  return { status: response.status, answer: await response.json() };
}

/**
 * Posts `chunks` as they are, without a length when `contentLength` is absent, and leaves the request
 * open. Gives the status, or `broken` when the server hangs up without one.
 */
export function postOpen(
  harness: Harness,
  chunks: readonly Uint8Array[],
  contentLength?: number,
): Promise<number | 'broken'> {
  return new Promise((resolve) => {
    const headers = {
      ...deliveryHeaders(''),
      ...(contentLength === undefined ? {} : { 'content-length': String(contentLength) }),
    };
    const url = `${harness.server.url}/api/github/webhooks`;
    const request = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
      request.destroy();
    });
    request.on('error', () => resolve('broken'));
    request.flushHeaders();
    for (const chunk of chunks) request.write(chunk);
  });
}
