import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { ModelApi } from '../../../src/domain/model-api.ts';
import { chatWire } from './chat-wire.ts';
import { messagesWire } from './messages-wire.ts';
import type { JsonBody, ModelWire, StreamEvent } from './model-wire.ts';
import { responsesWire } from './responses-wire.ts';
import type { Failure, Turn } from './turn.ts';
import { WireSchema } from './wire-schema.ts';

/** One request as it came. */
export interface ModelRequest {
  readonly api: ModelApi;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonBody;
  /** What tools answered since the model last spoke. */
  readonly toolResults: readonly string[];
}

/** What it plays: turns in their order, the last one for ever; or whatever a function says, at once or in its own time. */
export type Script =
  | readonly Turn[]
  | ((request: ModelRequest, index: number) => Turn | Promise<Turn>);

/** What a script says to the request of this number, from 0. */
export function turnOf(script: Script, request: ModelRequest, index: number): Turn | Promise<Turn> {
  if (typeof script === 'function') return script(request, index);
  return script[Math.min(index, script.length - 1)] ?? { kind: 'text', text: 'done' };
}

export interface ScriptedModelOptions {
  readonly script: Script;
  /** The provider's key; any other is answered 401. Absent: any will do. */
  readonly key?: string;
}

const wires = [messagesWire, responsesWire, chatWire].map((wire) => ({
  wire,
  schema: new WireSchema(wire),
}));

type Wired = (typeof wires)[number];

/**
 * A provider of models on loopback that plays a script, by the three APIs. What it is asked and what it answers is
 * checked against the types of the providers' SDKs; `close` throws when something did not fit. A request without tools
 * is no turn of an agent (a title, a summary): it is answered and takes nothing from the script.
 */
export class ScriptedModel {
  readonly requests: ModelRequest[] = [];
  /** Requests without tools. */
  readonly sideRequests: ModelRequest[] = [];
  /** Method and path of what is not of the three APIs. Answered 404. */
  readonly strays: string[] = [];
  readonly violations: string[] = [];
  readonly #options: ScriptedModelOptions;
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => {
      this.violations.push(`the scripted model failed: ${String(error)}`);
      response.destroy();
    });
  });

  private constructor(options: ScriptedModelOptions) {
    this.#options = options;
  }

  static async start(options: ScriptedModelOptions): Promise<ScriptedModel> {
    const model = new ScriptedModel(options);
    await new Promise<void>((resolve) => {
      model.#server.listen(0, '127.0.0.1', resolve);
    });
    return model;
  }

  /** Without a path. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @throws when a request or an answer was not what the provider's types say. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    if (this.violations.length > 0) throw new Error(this.violations.join('\n'));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(incoming.url ?? '/', this.url).pathname;
    const wired = wires.find(({ wire }) => path.endsWith(wire.path));
    if (incoming.method !== 'POST' || wired === undefined) {
      this.strays.push(`${incoming.method} ${path}`);
      return sendJson(response, 404, {
        error: { type: 'not_found_error', message: 'no such path' },
      });
    }
    const request = await readRequest(incoming, path, wired.wire);
    const turn = await this.#turnOf(request, wired);
    if (turn.kind === 'silence') return;
    if (turn.kind === 'failure' && turn.status !== 200) return this.#fail(response, turn, wired);
    const events =
      turn.kind === 'failure'
        ? [wired.wire.lateFailure(turn)]
        : wired.wire.stream(turn, { id: String(this.requests.length), body: request.body });
    for (const { data } of events) this.#check('event', wired.schema.event(data));
    sendEvents(response, events, turn.kind === 'cut');
  }

  #turnOf(request: ModelRequest, { schema }: Wired): Turn | Promise<Turn> {
    const faults = [
      ...schema.request(request.body),
      ...(request.body['stream'] === true ? [] : ['a scripted model answers streams alone']),
    ];
    this.#check('request', faults);
    const wrong = (status: number, type: string, message: string): Failure => ({
      kind: 'failure',
      status,
      type,
      message,
    });
    if (faults.length > 0) return wrong(400, 'invalid_request_error', faults.join('; '));
    const { key, script } = this.#options;
    if (key !== undefined && keyOf(request) !== key)
      return wrong(401, 'authentication_error', 'invalid key');
    const { tools } = request.body;
    if (!Array.isArray(tools) || tools.length === 0) {
      this.sideRequests.push(request);
      return { kind: 'text', text: 'a title' };
    }
    const index = this.requests.push(request) - 1;
    return turnOf(script, request, index);
  }

  #fail(response: ServerResponse, failure: Failure, { wire, schema }: Wired): void {
    const body = wire.failure(failure);
    this.#check('error', schema.error(body));
    sendJson(response, failure.status, body, failure.headers);
  }

  #check(what: string, faults: readonly string[]): void {
    this.violations.push(...faults.map((fault) => `${what}: ${fault}`));
  }
}

async function readRequest(
  incoming: IncomingMessage,
  path: string,
  wire: ModelWire,
): Promise<ModelRequest> {
  const body = (await json(incoming)) as JsonBody;
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return { api: wire.api, path, headers, body, toolResults: wire.toolResults(body) };
}

/** The key that a request names, in either of the two headers. */
export function keyOf({ headers }: Pick<ModelRequest, 'headers'>): string | undefined {
  return headers['x-api-key'] ?? headers['authorization']?.replace(/^Bearer /i, '');
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function sendEvents(
  response: ServerResponse,
  events: readonly StreamEvent[],
  isCut: boolean,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const text = events.map(encode).join('');
  if (isCut) response.write(text, () => response.destroy());
  else response.end(text);
}

function encode({ name, data }: StreamEvent): string {
  const named = name === undefined ? '' : `event: ${name}\n`;
  return `${named}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}
