import { ensureEngine } from './choose-engine.ts';
import { runScript } from './run-script.ts';
import { ensureWorkerImage } from './worker-image.ts';
import { namedTargets } from './worker-targets.ts';

/**
 * `npm run image -- [AGENT…|all]`: brings the worker images of these agents up to date, that of the linters
 * unless told, and prints for each its name, reference and id.
 */
await runScript(async () => {
  const targets = namedTargets(process.argv.slice(2));
  const engine = await ensureEngine();
  try {
    for (const target of targets) {
      const { ref, id } = await ensureWorkerImage(engine, target);
      process.stdout.write(`${target} ${ref} ${id}\n`);
    }
  } finally {
    await engine.release();
  }
});
