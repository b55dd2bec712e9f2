import { beforeAll, describe, expect, test } from 'vitest';
import type { LimitReason, Limits } from '../../src/domain/limits.ts';
import { noPeaks } from '../../src/domain/peaks.ts';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { runVerdict } from '../support/sandbox/run-verdict.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';
import { smallLimits } from '../support/sandbox/small-limits.ts';

const mebibyte = 1024 * 1024;
let image: string;
beforeAll(async () => {
  image = await probeImage();
});

const fill = (folder: string): string => `
  attempt(() => {
    const file = fs.openSync('${folder}/fill', 'w');
    for (;;) fs.writeSync(file, Buffer.alloc(1024 * 1024, 1));
  });
`;
const eatMemory = `python('x = []\\nwhile True: x.append(bytearray(1 << 20))');`;
/**
 * Has more sleepers than the sandbox may have processes, as far as it is let; all at once, on a busy machine too:
 * the first must not have ended before the last has begun.
 */
const crowd = `python('import os, time\\ntry:\\n  for i in range(100):\\n    if os.fork() == 0: time.sleep(60); os._exit(0)\\nexcept OSError: os._exit(1)\\ntime.sleep(60)');`;
const print = (mebibytes: number): string => `
  const block = Buffer.alloc(1024 * 1024, 'a');
  for (let i = 0; i < ${mebibytes}; i += 1) for (let at = 0; at < block.length; )
    try { at += fs.writeSync(1, block, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
`;
const finding = `({ tool: 't', rule: 'r', severity: 'info', path: 'a', message: 'm' })`;
const fails = 'process.exit(1);';
const endures = 'report(); process.exit(0);';

describe.each(runtimes)('a ceiling that a task reaches under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test.each<[LimitReason, string, Partial<Limits>]>([
      ['limit:memory', eatMemory + fails, {}],
      ['limit:pids', crowd + fails, {}],
      ['limit:disk', fill('/workspace') + fails, {}],
      ['limit:disk', fill('/tmp') + fails, {}],
      ['limit:disk', `${fill('/out')} /* so that there is no report */`, {}],
      ['limit:output', `${print(64)} ${endures}`, {}],
      [
        'limit:result-size',
        `for (let i = 0; i < 5; i += 1) fs.writeFileSync('f' + i, Buffer.alloc(50_000)); ${endures}`,
        { resultBytes: 100_000 },
      ],
      [
        'limit:result-files',
        `for (let i = 0; i < 20; i += 1) fs.writeFileSync('f' + i, 'x'); ${endures}`,
        { resultFiles: 10 },
      ],
      ['limit:findings', `report(Array.from({ length: 20 }, () => ${finding}));`, { findings: 10 }],
    ])('ends it with that reason by name: %s', async (reason, program, limits) => {
      const { verdict } = await runVerdict({ image, runtime, program, limits });
      expect(verdict).toEqual({ status: 'failed', reason });
    });

    test('ends it by time even when nobody inside answers', async () => {
      const limits = { wallClockMs: 4_000 };
      const program = 'setInterval(() => {}, 1000);';
      const { verdict } = await runVerdict({ image, runtime, program, limits });
      expect(verdict).toEqual({ status: 'timed-out', reason: 'limit:wall-clock' });
    });

    test('is no reason when the agent did its work all the same', async () => {
      const program = `${fill('/workspace')} python('import time; time.sleep(1)'); fs.rmSync('/workspace/fill'); ${endures}`;
      const { verdict, peaks } = await runVerdict({ image, runtime, program });
      expect(verdict.status).toBe('result');
      expect(peaks?.workspaceBytes).toBeGreaterThan(smallLimits.workspaceBytes - 2 * mebibyte);
    });

    test('is no reason when it failed for another', async () => {
      const { verdict } = await runVerdict({ image, runtime, program: 'process.exit(9);' });
      expect(verdict).toMatchObject({
        status: 'result',
        result: { manifest: { agent: { exitCode: 9 } } },
      });
    });
  });
});

const busy = `
  const held = Buffer.alloc(100 * 1024 * 1024, 1);
  fs.writeFileSync('/workspace/w', Buffer.alloc(20 * 1024 * 1024, 1));
  fs.writeFileSync('/tmp/t', Buffer.alloc(10 * 1024 * 1024, 1));
  for (let i = 0; i < 200; i += 1) fs.writeFileSync('/tmp/f' + i, '');
  const children = Array.from({ length: 8 }, () => childProcess.spawn('/bin/sleep', ['2']));
  say('x'.repeat(50000));
  const until = performance.now() + 1500;
  while (performance.now() < until) held[0] += 1;
  fs.rmSync('/workspace/w');
  children.map((child) => child.kill());
`;

describe.each(runtimes)('what a run used under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('is told, the most of each', async () => {
      const program = `${busy} ${endures}`;
      const { verdict, peaks } = await runVerdict({ image, runtime, program });
      expect(verdict.status).toBe('result');
      expect('peaks' in verdict ? verdict.peaks : undefined).toEqual(peaks);
      const { tmpInodes, workspaceInodes, ...measured } = peaks ?? noPeaks;
      const least = {
        memoryBytes: 100 * mebibyte,
        pids: 9,
        cpuMs: 400,
        workspaceBytes: 20 * mebibyte,
        tmpBytes: 10 * mebibyte,
        outputBytes: 50_000,
        resultBytes: 100,
        wireBytes: 50_000,
      };
      for (const [name, value] of Object.entries(least))
        expect([name, measured[name as never] ?? 0]).toEqual([
          name,
          expect.toSatisfy((n: number) => n >= value),
        ]);
      expect(measured.memoryBytes).toBeLessThanOrEqual(smallLimits.memoryBytes);
      // gVisor's file systems count no inodes.
      expect([tmpInodes ?? 0, workspaceInodes ?? 0].map((count) => count > 0)).toEqual(
        runtime === 'runc' ? [true, true] : [false, false],
      );
    });

    test('is told of a run that failed, as far as it came', async () => {
      const program = `${busy} ${eatMemory} ${fails}`;
      const { verdict, peaks } = await runVerdict({ image, runtime, program });
      expect(verdict).toEqual({ status: 'failed', reason: 'limit:memory' });
      expect(peaks?.memoryBytes).toBe(smallLimits.memoryBytes);
      expect(peaks?.workspaceBytes).toBeGreaterThanOrEqual(20 * mebibyte);
      expect(peaks?.resultBytes === null).toBe(runtime === 'runsc');
    });
  });
});
