import { announce } from './announce.ts';
import { prepare } from './prepare.ts';
import { runScript } from './run-script.ts';
import { BROWSER } from './system-packages.ts';

/** `npm run setup`: everything that the demo and the tests would install and build, and nothing else. */
await runScript(async () => {
  const { engine, image } = await prepare(BROWSER);
  announce(`ready (${image.ref})`);
  await engine.release();
});
