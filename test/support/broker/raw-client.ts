import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that writes what it is told to, segment by segment, and reads answers one by one. */
export class RawClient {
  readonly socket: Socket;
  #text = '';

  private constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('error', () => undefined);
    this.socket.on('data', (piece: string) => {
      this.#text += piece;
    });
  }

  /** Connects to a port of this machine's loopback. */
  static async to(port: number): Promise<RawClient> {
    const client = new RawClient(port);
    await once(client.socket, 'connect');
    return client;
  }

  /** Sends one segment and waits until it has left. @throws when it cannot */
  async send(text: string): Promise<void> {
    await new Promise<void>((sent, failed) =>
      this.socket.write(text, 'latin1', (error) => (error ? failed(error) : sent())),
    );
  }

  /** The next answer's status and body. @throws when the connection ends before the answer does */
  async answer({ hasBody = true } = {}): Promise<readonly [number, string]> {
    const head = await this.#takeUntil('\r\n\r\n');
    const status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1];
    if (!hasBody) return [status, ''];
    return [status, length === undefined ? await this.#chunks() : await this.#take(Number(length))];
  }

  /** What nobody has taken, once the connection is closed. */
  async rest(): Promise<string> {
    if (!this.socket.closed) await once(this.socket, 'close');
    return this.#text;
  }

  async #chunks(): Promise<string> {
    let body = '';
    for (;;) {
      const size = parseInt(await this.#takeUntil('\r\n'), 16);
      const chunk = await this.#take(size + 2);
      if (size === 0) return body;
      body += chunk.slice(0, size);
    }
  }

  async #takeUntil(end: string): Promise<string> {
    while (!this.#text.includes(end)) await this.#more();
    return this.#take(this.#text.indexOf(end) + end.length);
  }

  async #take(length: number): Promise<string> {
    while (this.#text.length < length) await this.#more();
    const taken = this.#text.slice(0, length);
    this.#text = this.#text.slice(length);
    return taken;
  }

  async #more(): Promise<void> {
    if (this.socket.closed || this.socket.readableEnded) throw new Error('the answer is cut off');
    const { promise, resolve } = Promise.withResolvers<void>();
    this.socket.once('data', resolve).once('close', resolve).once('end', resolve);
    await promise;
    this.socket.off('data', resolve).off('close', resolve).off('end', resolve);
  }
}
