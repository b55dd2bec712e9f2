import { ensureEngine } from './choose-engine.ts';
import { ensureWorkerImage } from './worker-image.ts';

/** `npm run image`: brings the worker image up to date and prints its reference. */
const engine = await ensureEngine();
try {
  const { ref, id } = await ensureWorkerImage(engine);
  process.stdout.write(`${ref} ${id}\n`);
} finally {
  await engine.release();
}
