import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../../ports/log.ts';

/** Where Redis is: a URL (`redis://`, `rediss://`) or the path of a unix socket. */
export type RedisAddress = { readonly url: string } | { readonly socketPath: string };

/** Reconnects for ever, soon at first and then every second: recovery is not the operator's work. */
function retryStrategy(attempt: number): number {
  return Math.min(attempt * 50, 1_000);
}

/**
 * An ioredis client that knows the duplicates BullMQ makes of it, so that all of them can be cut off.
 * BullMQ's own `close` waits for ever on a connection that is down.
 */
export class RedisClient extends Redis {
  readonly #copies: Redis[] = [];

  override duplicate(override?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(override);
    // What a copy cannot reach, this client cannot either, and says so.
    copy.on('error', () => undefined);
    this.#copies.push(copy);
    return copy;
  }

  /** Drops this connection and its duplicates, whatever state they are in. */
  cut(): void {
    for (const client of [this, ...this.#copies]) client.disconnect();
  }
}

/** Opens a client. Says once when the connection is lost and once when it is back, not at each attempt. */
export function openRedisClient(
  address: RedisAddress,
  options: Omit<RedisOptions, 'replyMapping'>,
  log: Log,
): RedisClient {
  const all = { ...options, retryStrategy };
  const client =
    'url' in address
      ? new RedisClient(address.url, all)
      : new RedisClient({ ...all, path: address.socketPath });
  let isLost = false;
  // Without a listener ioredis prints every failed attempt.
  client.on('error', (error: Error) => {
    const code = 'code' in error ? error.code : error.name;
    if (!isLost) log.warn({ code }, 'Redis does not answer');
    isLost = true;
  });
  client.on('ready', () => {
    if (isLost) log.info({}, 'Redis answers again');
    isLost = false;
  });
  return client;
}
