import { prepare } from './prepare.ts';

/** `npm run setup`: everything that the demo and the tests would install and build, and nothing else. */
const { engine, image } = await prepare();
process.stderr.write(`sallyport set-up: ready (${image.ref})\n`);
await engine.release();
