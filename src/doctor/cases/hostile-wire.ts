import { type ClientHttp2Session, connect } from 'node:http2';
import { type Duplex, duplexPair, Readable } from 'node:stream';
import { hasCode, SallyportError } from '../../errors.ts';
import { controlAuthority, routes } from '../../protocol/wire.ts';
import { broken, held, type Verdict } from '../attack-case.ts';
import { attackLimits } from '../attack-limits.ts';
import type { Bench } from '../bench.ts';

/** A control plane that hangs on hostile bytes has lost, too; a machine under load is only slow. */
const patienceMs = 30_000;

/** Says what a hostile sandbox says, on its end of the wire. */
export type Speak = (wire: Duplex) => void;

/**
 * Serves one task to a sandbox that is hostile as a whole, over streams in memory: what is tested is the
 * control plane's end, so no container is needed. Held when the task ends with a coded refusal.
 */
export async function judgeHostileWire(bench: Bench, speak: Speak): Promise<Verdict> {
  const [near, far] = duplexPair();
  far.on('error', () => undefined);
  near.on('close', () => void far.destroy());
  const late = new AbortController();
  const done = new AbortController();
  void bench.clock.after(patienceMs, done.signal).then(() => late.abort(new Error('it hung')));
  const served = bench.serve(near, {
    bundle: () => Readable.from([Buffer.alloc(1024)]),
    limits: attackLimits,
    onEvent: () => undefined,
    signal: late.signal,
  });
  speak(far);
  try {
    const { manifest } = await served;
    return broken(`taken for a result with ${manifest.changes.length} changes`);
  } catch (error) {
    return judgeRefusal(error);
  } finally {
    done.abort();
    far.destroy();
  }
}

function judgeRefusal(error: unknown): Verdict {
  const codes = ['wire.failed', 'result.malformed', 'result.limit'] as const;
  const code = codes.find((one) => hasCode(error, one));
  if (code !== undefined) return held(`refused: ${code}`);
  if (error instanceof SallyportError) return broken(`ended by ${error.code}`);
  return broken(error instanceof Error ? error.message : String(error));
}

/** A session of the sandbox's side that takes every fault calmly. */
export function session(wire: Duplex): ClientHttp2Session {
  const opened = connect(`http://${controlAuthority}`, { createConnection: () => wire });
  opened.on('error', () => undefined);
  return opened;
}

/** Sends one request and does not care for the answer. */
export function request(opened: ClientHttp2Session, path: string, body?: string): void {
  const method = body === undefined ? 'GET' : 'POST';
  const headers = { ':method': method, ':path': path, ':authority': controlAuthority };
  const stream = opened.request(headers, { endStream: false });
  stream.on('error', () => undefined);
  stream.resume();
  stream.end(body);
}

/** The body of a result whose manifest has `part` in it, then `bytes`. */
export function resultBody(part: object, bytes = ''): string {
  const manifest = {
    protocol: 2,
    agent: { exitCode: 0, signal: null, timedOut: false },
    report: { findings: [], tools: [], toolErrors: [] },
    reportError: null,
    changes: [],
    ...part,
  };
  return `${JSON.stringify(manifest)}\n${bytes}`;
}

/** Posts that body as the result. */
export function postResult(part: object, bytes = ''): Speak {
  return (wire) => request(session(wire), routes.result, resultBody(part, bytes));
}
