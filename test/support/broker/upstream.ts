import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach } from 'vitest';
import { openScene, type Scene, type SceneOptions } from './broker-scene.ts';
import { type Listening, serveHttp } from './servers.ts';

/** How the upstream of a test answers. */
export type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

/** An upstream on loopback for each test of a file, and a broker with one rule for it. */
export class Upstream {
  seen: IncomingMessage[] = [];
  answer: Answerer = () => undefined;
  #server: Listening | undefined;
  #scene: Scene | undefined;

  constructor() {
    beforeEach(async () => {
      this.seen = [];
      this.answer = (_, response) => response.end('the upstream');
      this.#server = await serveHttp((request, response) => {
        this.seen.push(request);
        this.answer(request, response);
      });
    });
    afterEach(async () => {
      this.#scene?.close();
      await this.#scene?.broker.idle();
      await this.#server?.close();
    });
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  url(path: string): string {
    return `http://upstream.example:${this.port}${path}`;
  }

  /** A broker with one rule for the upstream, changed by `rule`. */
  open(options: SceneOptions = {}, rule: object = {}): Scene {
    const methods = ['GET', 'HEAD', 'POST'];
    const plain = { id: 'docs', host: 'upstream.example', port: this.port, methods };
    this.#scene = openScene({
      policy: { rules: [{ ...plain, paths: ['/**'], ...rule }] },
      ...options,
    });
    return this.#scene;
  }
}

/** The records by what they say, once all exchanges have ended. */
export async function recordsOf({ broker, records }: Scene): Promise<string[]> {
  await broker.idle();
  return records.map((record) => ('reason' in record ? record.reason : record.type));
}
