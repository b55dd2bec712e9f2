import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

/** One message of the DevTools protocol, in either role: the answer to a command, or an event. */
const Message = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
  sessionId: z.string().optional(),
});
type Message = z.infer<typeof Message>;

/** An event of one page. */
export interface DevToolsEvent {
  readonly method: string;
  readonly params: unknown;
}

/**
 * The DevTools protocol as `--remote-debugging-pipe` speaks it: JSON, a zero byte after each message.
 * No port is opened, so nobody else on the machine can drive the browser.
 */
export class DevToolsPipe {
  readonly #out: Writable;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #listeners = new Map<string, (event: DevToolsEvent) => void>();
  #lastId = 0;
  #rest = '';

  constructor(out: Writable, input: Readable) {
    this.#out = out;
    // A browser that ends leaves a broken pipe; `#end` tells whoever waits.
    out.on('error', () => this.#end());
    input.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    input.on('close', () => this.#end());
  }

  /** Sends a command to the browser, or to the page of that session. @throws Error with its refusal */
  async call(method: string, params: unknown = {}, sessionId?: string): Promise<unknown> {
    this.#lastId += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#lastId, answer);
    this.#out.write(`${JSON.stringify({ id: this.#lastId, method, params, sessionId })}\0`);
    return answer.promise;
  }

  /** Hands every event of that session to `listener`. */
  listen(sessionId: string, listener: (event: DevToolsEvent) => void): void {
    this.#listeners.set(sessionId, listener);
  }

  #read(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#take(Message.parse(JSON.parse(part)));
  }

  #take({ id, method, params, result, error, sessionId }: Message): void {
    if (id === undefined) {
      this.#listeners.get(sessionId ?? '')?.({ method: method ?? '', params });
      return;
    }
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(`DevTools: ${error.message}`));
  }

  #end(): void {
    for (const answer of this.#waiting.values()) answer.reject(new Error('the browser has ended'));
    this.#waiting.clear();
  }
}
