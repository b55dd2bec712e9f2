import type { ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';

/** Opens a stream on the wire to anything but the control plane. */
export type OpenStream = (
  headers: OutgoingHttpHeaders,
  options: { readonly endStream: boolean },
) => ClientHttp2Stream;

/**
 * Streams that the agent may have open at one time: the wire takes 32, and what the supervisor has to say
 * itself must never wait for the agent's.
 */
const maxOpen = 28;

/** Opens streams for the agent up to a ceiling; undefined above it. */
export class AgentStreams {
  readonly #open: OpenStream;
  #count = 0;

  constructor(open: OpenStream) {
    this.#open = open;
  }

  open(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream | undefined {
    if (this.#count >= maxOpen) return undefined;
    const stream = this.#open(headers, { endStream });
    this.#count += 1;
    let isCounted = true;
    const leave = (): void => {
      if (isCounted) this.#count -= 1;
      isCounted = false;
    };
    // Both sides have said all: on the wire it is closed, though `close` comes turns later. A client that
    // asks again at once on each of its connections must not be counted twice.
    stream.once('end', () => {
      if (endStream || stream.writableFinished) leave();
    });
    stream.once('close', leave);
    // A fault shows as `close` with a code; without a listener it would end the supervisor.
    stream.on('error', () => undefined);
    return stream;
  }
}
