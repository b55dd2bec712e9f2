import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { limitHeader } from '../../../src/protocol/wire.ts';
import { type BenchOrder, modelLabel } from './agent-bench.ts';

const modelAuthority = `${modelLabel}.model.sallyport.internal:80`;
const ceiling = { ':status': 429, [limitHeader]: 'limit:model-requests' };

/** Lets a sandbox ask the scripted model, and nothing else; after the order's `until` not that either. */
export class ModelDoor {
  /** `METHOD authority`, of what is not the model. */
  readonly refused: string[] = [];
  readonly #modelUrl: string;
  readonly #open = new Set<ServerHttp2Stream>();
  #isShut = false;

  constructor({ model, until }: Pick<BenchOrder, 'model' | 'until'>) {
    this.#modelUrl = model.url;
    void until?.then(() => this.#shut());
  }

  take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => undefined);
    const authority = String(headers[':authority']);
    if (authority !== modelAuthority) {
      this.refused.push(`${headers[':method']} ${authority}`);
      stream.respond({ ':status': 403 }, { endStream: true });
    } else if (this.#isShut) stream.respond(ceiling, { endStream: true });
    else this.#pass(stream, headers);
  }

  #pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
    const kept = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
    const upstream = httpRequest(`${this.#modelUrl}${headers[':path']}`, {
      method: headers[':method'],
      headers: Object.fromEntries(kept),
    });
    upstream.on('response', (answer) => giveBack(stream, answer));
    upstream.on('error', () => stream.close());
    stream.once('close', () => upstream.destroy());
    stream.pipe(upstream);
  }

  /** Whoever waits for an answer gets that of a ceiling. */
  #shut(): void {
    this.#isShut = true;
    for (const stream of this.#open)
      if (!stream.headersSent) stream.respond(ceiling, { endStream: true });
  }
}

/** Of a connection that is cut, so is the stream. */
function giveBack(stream: ServerHttp2Stream, answer: IncomingMessage): void {
  if (stream.destroyed || stream.headersSent) return;
  const type = answer.headers['content-type'] ?? 'application/json';
  stream.respond({ ':status': answer.statusCode ?? 502, 'content-type': type });
  answer.on('error', () => stream.close());
  answer.pipe(stream);
}
