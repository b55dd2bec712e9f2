import { runScript } from './setup/run-script.ts';
import { workerBundles } from './setup/worker-bundle.ts';

/**
 * `npm run build`: the control plane runs from its sources, so all there is to build is what goes
 * into the worker image. Fails when a bundle does not build; writes nothing.
 */
await runScript(async () => {
  for (const bundle of await workerBundles()) {
    process.stdout.write(`${bundle.path} ${bundle.contents.byteLength} bytes\n`);
  }
});
