import type { IncomingMessage } from 'node:http';

/** GitHub's own cap of a payload: larger events are not sent (docs, webhook-events-and-payloads). */
export const maxPayloadBytes = 25 * 1024 * 1024;

/** Why a body was not read: `aborted` needs no answer, nobody is there. */
export type BodyRefusal = 'too-large' | 'busy' | 'aborted';

/** A body's bytes, or why there are none. */
export type Body =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly refusal: BodyRefusal };

/**
 * Makes a reader of request bodies: at most `maxBytes` each and `maxTotalBytes` for all that are
 * being read, by what is announced and by what arrives. Stops whoever, without knowing the secret,
 * opens many connections to fill the memory. When all is full, the body that has been under way for the
 * longest is given up: a few that never end must not turn away the deliveries that take a moment.
 */
export function createBodyReader(limits: {
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
}) {
  let totalBytes = 0;
  /** Bytes held for each request, oldest first. */
  const held = new Map<IncomingMessage, number>();

  function release(request: IncomingMessage): void {
    totalBytes -= held.get(request) ?? 0;
    held.delete(request);
  }

  /** Makes room at the cost of older requests; false when there is none older. */
  function hasRoom(request: IncomingMessage): boolean {
    for (const [oldest] of held) {
      if (totalBytes <= limits.maxTotalBytes) return true;
      if (oldest === request) return false;
      release(oldest);
      oldest.destroy();
    }
    return true;
  }

  return async function readBody(request: IncomingMessage): Promise<Body> {
    if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) return no('too-large');
    const chunks: Buffer[] = [];
    let bytes = 0;
    held.set(request, 0);
    try {
      // The socket stays open when the loop is left early, so that the refusal can be answered.
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        const data = chunk as Buffer;
        bytes += data.length;
        if (bytes > limits.maxBytes) return no('too-large');
        if (!held.has(request)) return no('aborted');
        totalBytes += data.length;
        held.set(request, bytes);
        if (!hasRoom(request)) return no('busy');
        chunks.push(data);
      }
      return { ok: true, bytes: Buffer.concat(chunks) };
    } catch (error) {
      // The stream's only error is a connection that ended early; anything else is a fault of ours.
      if (request.destroyed) return no('aborted');
      throw error;
    } finally {
      release(request);
    }
  };
}

function no(refusal: BodyRefusal): Body {
  return { ok: false, refusal };
}
