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
 * opens many connections to fill the memory.
 */
export function createBodyReader(limits: {
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
}) {
  let totalBytes = 0;

  return async function readBody(request: IncomingMessage): Promise<Body> {
    if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) return no('too-large');
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      // The socket stays open when the loop is left early, so that the refusal can be answered.
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        const data = chunk as Buffer;
        bytes += data.length;
        totalBytes += data.length;
        if (bytes > limits.maxBytes) return no('too-large');
        if (totalBytes > limits.maxTotalBytes) return no('busy');
        chunks.push(data);
      }
      return { ok: true, bytes: Buffer.concat(chunks) };
    } catch (error) {
      // The stream's only error is a connection that ended early; anything else is a fault of ours.
      if (request.destroyed) return no('aborted');
      throw error;
    } finally {
      totalBytes -= bytes;
    }
  };
}

function no(refusal: BodyRefusal): Body {
  return { ok: false, refusal };
}
