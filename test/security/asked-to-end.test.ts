import type { ServerHttp2Stream } from 'node:http2';
import { beforeAll, describe, expect, test } from 'vitest';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { runProbe } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

const limit = 'limit:model-tokens';
/** A broker at a ceiling of models. */
const beside = {
  onEgress: (stream: ServerHttp2Stream) =>
    stream.respond({ ':status': 429, 'sallyport-limit': limit }, { endStream: true }),
};
const report = `JSON.stringify({ findings: [], tools: [{ name: 'probe', version: '1' }], toolErrors: [] })`;
const ask = `await fetch('http://127.0.0.1:3129/claude/v1/messages', { method: 'POST', body: '{}' });`;

describe.each(runtimes)('an agent at a ceiling of models under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('is asked to end, and what it writes down then is its result', async () => {
      const program = `
        process.on('SIGTERM', () => {
          fs.writeFileSync('/out/report.json', ${report});
          fs.writeFileSync('kept.txt', 'until then');
          process.exit(0);
        });
        setInterval(() => {}, 1000);
        ${ask}
      `;
      const { result, events } = await runProbe({ image, runtime, program, beside });
      expect(result?.manifest).toMatchObject({
        agent: { exitCode: 0, signal: null, timedOut: false },
        report: {
          tools: [{ name: 'probe', version: '1' }],
          toolErrors: [
            { tool: 'probe', message: expect.stringContaining('asked to end') as string },
          ],
        },
        changes: [{ kind: 'write', path: 'kept.txt' }],
      });
      expect(events.filter(({ type }) => type === 'limit')).toEqual([{ type: 'limit', limit }]);
    });

    test('is ended when it does not listen, with all that it started', async () => {
      const program = `
        process.on('SIGTERM', () => fs.writeFileSync('asked', 'yes'));
        childProcess.spawn('/bin/sh', ['-c', 'trap "" TERM; while :; do sleep 1; date >late; done']);
        setInterval(() => {}, 1000);
        ${ask}
      `;
      const { result, exit } = await runProbe({ image, runtime, program, beside });
      expect(result?.manifest.agent).toEqual({
        exitCode: null,
        signal: 'SIGKILL',
        timedOut: false,
      });
      const left = result?.manifest.changes.map(({ path }) => path);
      expect(left).toContain('asked');
      expect(exit.exitCode).toBe(0);
    });
  });
});
