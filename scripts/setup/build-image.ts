import { ensureEngine } from './choose-engine.ts';
import { runScript } from './run-script.ts';
import { ensureWorkerImage } from './worker-image.ts';

/** `npm run image`: brings the worker image up to date and prints its reference and id. */
await runScript(async () => {
  const engine = await ensureEngine();
  try {
    const { ref, id } = await ensureWorkerImage(engine);
    process.stdout.write(`${ref} ${id}\n`);
  } finally {
    await engine.release();
  }
});
