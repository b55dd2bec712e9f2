import {
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { SallyportError } from '../errors.ts';
import type { SandboxResult } from './receive-result.ts';
import { sessionOptions, windowBytes } from './session-options.ts';
import { sessionTransport } from './session-transport.ts';
import { WireRoutes } from './wire-routes.ts';
import type { WireTask } from './wire-task.ts';

/**
 * Serves one task over a sandbox's wire and resolves with its result.
 * The wire is destroyed on failure and closed after a result; whoever started the sandbox destroys it.
 * @throws SallyportError `wire.failed` (not HTTP/2, ended early, broke a rule), `result.malformed`,
 * `result.limit`; the signal's reason; what the bundle or `onEvent` failed with.
 */
export async function serveWire(wire: Duplex, task: WireTask): Promise<SandboxResult> {
  task.signal.throwIfAborted();
  // A container that died at once has closed its wire before anybody listened for it.
  if (wire.destroyed) throw new SallyportError('wire.failed', 'the wire is closed');
  const outcome = Promise.withResolvers<SandboxResult>();
  const abort = (): void => outcome.reject(task.signal.reason);
  task.signal.addEventListener('abort', abort, { once: true });
  const session = performServerHandshake(sessionTransport(wire), sessionOptions);
  listen(session, wire, outcome.reject);
  const routes = new WireRoutes(task, outcome);
  session.on('stream', (stream, headers: IncomingHttpHeaders) => routes.answer(stream, headers));
  try {
    const result = await outcome.promise;
    session.close();
    return result;
  } catch (error) {
    session.destroy();
    wire.destroy();
    throw error;
  } finally {
    task.signal.removeEventListener('abort', abort);
  }
}

function listen(session: ServerHttp2Session, wire: Duplex, fail: (error: unknown) => void): void {
  const broken = (cause?: unknown): void =>
    fail(new SallyportError('wire.failed', 'the wire broke before a result', { cause }));
  const ended = (): void =>
    fail(new SallyportError('wire.failed', 'the wire ended before a result'));
  session.on('error', broken);
  session.on('frameError', broken);
  session.on('close', ended);
  wire.on('error', broken);
  wire.on('close', ended);
  session.setLocalWindowSize(windowBytes);
}
