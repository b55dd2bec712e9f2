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
    stream.once('close', () => {
      this.#count -= 1;
    });
    // A fault shows as `close` with a code; without a listener it would end the supervisor.
    stream.on('error', () => undefined);
    return stream;
  }
}
