import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientHttp2Stream } from 'node:http2';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';
import { ask, openScene, type Scene, type SceneOptions } from './broker-scene.ts';
import { makeCertificate } from './certificate.ts';
import { type Listening, serveHttp } from './servers.ts';

/** What an upstream model got. */
export interface ModelCall {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
  /** The bytes of the body, and how they were asked for. */
  readonly raw: string;
  readonly method: string;
}

/** The operator's key: no test may find it on the sandbox's side. */
export const realKey = 'sk-real-0123456789';

const kinds = {
  anthropic: { kind: 'anthropic-messages', path: '/v1/messages', header: 'x-api-key' },
  responses: { kind: 'openai-responses', path: '/v1/responses', header: 'authorization-bearer' },
  chat: { kind: 'openai-chat', path: '/v1/chat/completions', header: 'authorization-bearer' },
} as const;

/** A model API over TLS on loopback, and a broker with a route of each kind to it. */
export class ModelUpstream {
  calls: ModelCall[] = [];
  answer: (call: ModelCall, response: ServerResponse) => void = () => undefined;
  readonly #certificate = makeCertificate('upstream.example');
  #server: Listening | undefined;
  #scene: Scene | undefined;

  constructor() {
    beforeEach(async () => {
      this.calls = [];
      this.#server = await serveHttp((request, response) => {
        void text(request).then((body) => {
          const call = {
            url: request.url ?? '',
            headers: request.headers,
            body: JSON.parse(body) as Record<string, unknown>,
            raw: body,
            method: request.method ?? '',
          };
          this.calls.push(call);
          return this.answer(call, response);
        });
      }, this.#certificate);
    });
    afterEach(async () => {
      this.#scene?.close();
      await this.#scene?.broker.idle();
      await this.#server?.close();
    });
  }

  /** Answers every call with these events. */
  stream(...events: readonly object[]): void {
    this.answer = (_, response) => {
      response.setHeader('content-type', 'text/event-stream').end(eventsOf(...events));
    };
  }

  open(
    { prefix = '', ...route }: { prefix?: string; [part: string]: unknown } = {},
    options: SceneOptions = {},
  ): Scene {
    const modelRoutes = Object.entries(kinds).map(([id, { kind, path, header }]) => ({
      id,
      kind,
      authority: `${id}.model.sallyport.internal`,
      upstream: `https://upstream.example:${this.#server?.port ?? 0}${prefix}`,
      credential: { name: 'key', header },
      paths: id === 'anthropic' ? [path, '/v1/messages/count_tokens'] : [path],
      models: ['m-1', 'm-2'],
      limits: { tokens: 10_000, costMicroUsd: 1_000_000 },
      ...route,
    }));
    const price = { input: 3_000_000, output: 15_000_000 };
    const caches = { cacheRead: 300_000, cacheWrite: 3_750_000, cacheWriteHour: 6_000_000 };
    this.#scene = openScene({
      ca: this.#certificate.cert,
      policy: { modelRoutes },
      credentials: new Map([['key', () => realKey]]),
      prices: { version: 1, asOf: '2026-01-01', models: { 'm-1': { ...price, ...caches } } },
      ...options,
    });
    return this.#scene;
  }

  /** Asks Anthropic's route as an agent does that may not wait for the end. */
  begin(body: object): ClientHttp2Stream {
    const session = this.#scene?.session;
    if (session === undefined) throw new Error('no scene is open');
    const stream = session.request({
      ':method': 'POST',
      ':scheme': 'http',
      ':authority': 'anthropic.model.sallyport.internal',
      ':path': kinds.anthropic.path,
      'content-type': 'application/json',
      'x-api-key': 'placeholder',
    });
    stream.on('error', () => undefined);
    stream.end(JSON.stringify(body));
    return stream;
  }

  /** Asks a route as an agent would, with its placeholder for a key. */
  ask(id: keyof typeof kinds, body: unknown, options: { path?: string; headers?: object } = {}) {
    const url = `http://${id}.model.sallyport.internal${options.path ?? kinds[id].path}`;
    const headers = { 'content-type': 'application/json', 'x-api-key': 'placeholder' };
    const session = this.#scene?.session;
    if (session === undefined) throw new Error('no scene is open');
    return ask(session, url, {
      method: 'POST',
      headers: { ...headers, ...options.headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }
}

/** A request to Anthropic without anything special. */
export const hello = {
  model: 'm-1',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'hello' }],
};

/** Server-sent events as one text. */
export function eventsOf(...events: readonly object[]): string {
  return events.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** An Anthropic stream that used `input` and `output` tokens. */
export function anthropicEvents(input: number, output: number): readonly object[] {
  return [
    { type: 'message_start', message: { usage: { input_tokens: input, output_tokens: 1 } } },
    { type: 'content_block_delta', delta: { type: 'text_delta', text: 'hello' } },
    { type: 'message_delta', delta: {}, usage: { output_tokens: output } },
    { type: 'message_stop' },
  ];
}
