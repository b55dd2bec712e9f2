/** Starts the Redis of a data folder and hangs: `node queue-redis-parent.ts DATA_DIR`. Says `ready`. */
import process from 'node:process';
import { startEmbeddedRedis } from '../../src/adapters/redis/embedded.ts';

const [, , dataDir = ''] = process.argv;
const silent = () => undefined;
const clock = { nowMs: () => Date.now(), after: () => Promise.resolve() };
const log = { info: silent, warn: silent, error: silent };
await startEmbeddedRedis({ dataDir, clock, log });
process.stdout.write('ready\n');
process.stdin.resume();
