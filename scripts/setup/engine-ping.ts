import { request } from 'node:http';

/** An engine on this machine answers in milliseconds; one that hangs must not hang the set-up. */
const PING_TIMEOUT_MS = 2_000;

/** Whether a Docker Engine answers `GET /_ping` on a unix socket. Never throws: no answer is an answer. */
export async function engineAnswers(
  socketPath: string,
  timeoutMs: number = PING_TIMEOUT_MS,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const signal = AbortSignal.timeout(timeoutMs);
  const ping = request({ socketPath, path: '/_ping', signal }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  ping.once('error', () => resolve(false));
  ping.end();
  return promise;
}
