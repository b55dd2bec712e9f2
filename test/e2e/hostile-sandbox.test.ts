import Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { testEngine } from '../support/engine.ts';
import { honestImage, hostileImage, postsResult } from '../support/sandbox/hostile-image.ts';
import { repo, startSystem } from './system.ts';

const shortLimits = (text: string): string =>
  text
    .replace(/wallClockMs: \d+/, 'wallClockMs: 4000')
    .replace(/memoryBytes: \d+/, 'memoryBytes: 268435456');
const forged = JSON.stringify({
  protocol: 2,
  agent: { exitCode: 0, signal: null, timedOut: false },
  report: { findings: [], tools: [], toolErrors: [] },
  reportError: null,
  changes: [{ kind: 'write', path: '../../etc/passwd', executable: false, bytes: 1 }],
});

describe('a sandbox that turns against the control plane', () => {
  it.each([
    [
      'garbage',
      'process.stdout.write("x".repeat(100_000)); setInterval(() => {}, 1000);',
      'sandbox:ended-early',
    ],
    ['never answers', 'setInterval(() => {}, 1000);', 'limit:wall-clock'],
    ['exits early', 'process.exit(0);', 'sandbox:ended-early'],
    [
      'floods stderr',
      'const { writeSync } = await import("node:fs"); for (;;) try { writeSync(2, "x".repeat(65536)); } catch {}',
      'limit:wall-clock',
    ],
    ['a result that is not JSON', postsResult('{"protocol":1,\n'), 'result:malformed'],
    ['a result that leaves the repository', postsResult(`${forged}\nx`), 'result:malformed'],
    ['eats memory', 'const all = []; for (;;) all.push(Buffer.alloc(2 ** 24, 1));', 'limit:memory'],
  ])('concludes the check: %s', async (name, program, reason) => {
    const tag = name.replaceAll(' ', '-');
    const system = await startSystem({ policy: shortLimits, env: await honestImage(tag) });
    try {
      await hostileImage(tag, program);
      const { number, headSha } = await system.openSample();
      const check = await system.concluded(headSha);
      expect(['failure', 'timed_out']).toContain(check.conclusion);
      expect(check.output.summary).toContain(reason);
      expect(system.standIn.reviews(repo, number)).toEqual([]);
      const ledger = await system.ledger(check);
      expect(ledger.verified).toBe(true);
      expect(ledger.entries.find((entry) => entry.type === 'task.ended')?.data['reason']).toBe(
        reason,
      );
      expect(await containersOf(system.env['SALLYPORT_RUNNER_ID'] ?? '')).toEqual([]);
      expect(system.standIn.violations).toEqual([]);
    } finally {
      await system.stop();
    }
  });
});

async function containersOf(owner: string): Promise<string[]> {
  const docker = new Docker({ socketPath: testEngine().socketPath });
  const filters = { label: [`io.sallyport.owner=${owner}`] };
  const found = await docker.listContainers({ all: true, filters });
  return found.map((container) => container.Id);
}
