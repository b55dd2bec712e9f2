import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testEngine } from '../support/engine.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

/** What `sallyport doctor --attack --runtime NAME --json` promises to print. */
const Scoreboard = z.strictObject({
  runtime: z.enum(['runc', 'runsc']),
  image: z.string().startsWith('sha256:'),
  cases: z.array(
    z.strictObject({
      id: z.string().regex(/^[a-z]+\.[a-z0-9-]+$/),
      title: z.string().min(1),
      held: z.boolean(),
      evidence: z.string().min(1),
      ms: z.int().nonnegative(),
    }),
  ),
  held: z.int(),
  broken: z.int(),
});

const main = join(import.meta.dirname, '../../src/main.ts');
/** Measured on two processors under a load of 15 to 25: 5.5 minutes with runc, 14 with gVisor. */
const suiteMs = 30 * 60_000;
const leastCases = 124;

/** Runs the doctor as an operator does; a suite that breaks is no error here. */
function attack(runtime: string): Promise<{ readonly code: number; readonly stdout: string }> {
  const { socketPath, workerImage } = testEngine();
  const env = {
    ...process.env,
    DOCKER_HOST: `unix://${socketPath}`,
    SALLYPORT_WORKER_IMAGE: workerImage,
  };
  const args = [main, 'doctor', '--attack', '--runtime', runtime, '--json'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout });
    });
  });
}

describe.each(runtimes)('the containment suite under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('holds in every case, and says so in JSON', { timeout: suiteMs }, async () => {
      const { code, stdout } = await attack(runtime);
      const board = Scoreboard.parse(JSON.parse(stdout));
      expect(board.cases.filter(({ held }) => !held)).toEqual([]);
      expect(board.broken).toBe(0);
      expect(code).toBe(0);
      expect(board.runtime).toBe(runtime);
      expect(board.image).toBe(testEngine().workerImage);
      expect(board.held).toBe(board.cases.length);
      expect(board.cases.length).toBeGreaterThanOrEqual(leastCases);
    });
  });
});
