import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Duplex, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { SandboxEvent } from '../../src/protocol/event.ts';
import {
  budgetHeader,
  canaryHeader,
  controlAuthority,
  modelKeyHeader,
  routes,
} from '../../src/protocol/wire.ts';

const windowBytes = 4 * 1024 * 1024;

/** The other end of the wire, as the supervisor sees it. */
export class ControlPlane {
  readonly #session: ClientHttp2Session;
  #events: ClientHttp2Stream | undefined;
  /** Words for the agent's environment, once the input has come with them. */
  canary: string | undefined;
  modelKey: string | undefined;
  /** What the task may use of models, as JSON; beside the input, as those are. */
  budget: string | undefined;

  /** `onLost` is called when the wire ends before `close`: nobody is left to work for. */
  constructor(wire: Duplex, onLost: (error?: Error) => void) {
    this.#session = connect(`http://${controlAuthority}`, {
      createConnection: () => wire,
      settings: { enablePush: false, initialWindowSize: windowBytes, maxFrameSize: 64 * 1024 },
    });
    this.#session.once('connect', () => this.#session.setLocalWindowSize(windowBytes));
    this.#session.on('error', onLost);
    this.#session.on('close', () => onLost());
  }

  /** The input bundle's bytes. */
  async input(): Promise<Readable> {
    const stream = this.#request('GET', routes.input);
    stream.end();
    const headers = await requireStatus(stream, 200);
    this.canary = textOf(headers[canaryHeader]);
    this.modelKey = textOf(headers[modelKeyHeader]);
    this.budget = textOf(headers[budgetHeader]);
    return stream;
  }

  /** Sends one event; the first opens the request that all of them share. */
  send(event: SandboxEvent): void {
    this.#events ??= this.#request('POST', routes.events);
    this.#events.write(`${JSON.stringify(event)}\n`);
  }

  /** Ends the events and waits until the control plane has them. */
  async endEvents(): Promise<void> {
    const stream = this.#events;
    if (stream === undefined) return;
    stream.end();
    await requireStatus(stream, 204);
  }

  /**
   * Posts the result; `body` gives the manifest line and the files.
   * @throws when the control plane refuses it.
   */
  async postResult(body: Iterable<Uint8Array>): Promise<void> {
    const stream = this.#request('POST', routes.result);
    const answered = requireStatus(stream, 204);
    // A refusal in the middle shows as a write that fails, and as the answer: the answer says more.
    const sent = sendAll(stream, body);
    await Promise.all([answered, sent]);
  }

  /**
   * Opens a stream for the agent, which the control plane gives to its broker.
   * Refuses the control plane's own authority: to it, that would be the supervisor speaking.
   */
  egress(
    headers: OutgoingHttpHeaders,
    options: { readonly endStream: boolean },
  ): ClientHttp2Stream {
    if (String(headers[':authority']).toLowerCase() === controlAuthority)
      throw new Error('an agent has no way to the control plane');
    return this.#session.request(headers, options);
  }

  /** Ends the session in good order. */
  async close(): Promise<void> {
    this.#session.removeAllListeners('close');
    const closed = once(this.#session, 'close');
    this.#session.close();
    await closed;
  }

  #request(method: string, path: string): ClientHttp2Stream {
    const headers = { ':method': method, ':path': path, ':authority': controlAuthority };
    return this.#session.request(headers, { endStream: false });
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

async function requireStatus(
  stream: ClientHttp2Stream,
  wanted: number,
): Promise<IncomingHttpHeaders & { readonly ':status'?: number }> {
  const [headers] = (await once(stream, 'response')) as [
    IncomingHttpHeaders & { ':status'?: number },
  ];
  const status = headers[':status'];
  if (wanted !== 200) stream.resume();
  if (status !== wanted) throw new Error(`the control plane answered ${status}`);
  return headers;
}

async function sendAll(stream: ClientHttp2Stream, body: Iterable<Uint8Array>): Promise<void> {
  for (const chunk of body) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await finished(stream, { readable: false });
}
