import { beforeAll, describe, expect, test } from 'vitest';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { runProbe } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe.each(runtimes)('a task in a sandbox under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('hands back what the agent changed, and nothing else', async () => {
      const head = {
        'same.txt': 'same\n',
        'edited.txt': 'before\n',
        'gone.txt': 'gone\n',
        'run.sh': { script: '#!/bin/sh\n' },
        'folder/link': { link: '../same.txt' },
        'touched.txt': 'touched\n',
      };
      const program = `
        fs.writeFileSync('edited.txt', 'after!\\n');
        fs.unlinkSync('gone.txt');
        fs.chmodSync('run.sh', 0o644);
        fs.mkdirSync('new/deep', { recursive: true });
        fs.writeFileSync('new/deep/tool', 'x', { mode: 0o755 });
        fs.writeFileSync('touched.txt.tmp', 'touched\\n', { mode: 0o600 });
        fs.renameSync('touched.txt.tmp', 'touched.txt');
        fs.writeFileSync('/out/report.json', JSON.stringify({ findings: [], tools: [], toolErrors: [] }));
      `;
      const { result, exit } = await runProbe({ image, runtime, program, head });
      expect(result?.manifest).toEqual({
        protocol: 2,
        agent: { exitCode: 0, signal: null, timedOut: false },
        report: { findings: [], tools: [], toolErrors: [] },
        reportError: null,
        changes: [
          { kind: 'write', path: 'edited.txt', executable: false, bytes: 7 },
          { kind: 'delete', path: 'gone.txt' },
          { kind: 'write', path: 'new/deep/tool', executable: true, bytes: 1 },
          { kind: 'write', path: 'run.sh', executable: false, bytes: 10 },
        ],
      });
      const texts = [...(result?.files ?? [])].map(([path, bytes]) => [path, textOf(bytes)]);
      expect(texts).toEqual([
        ['edited.txt', 'after!\n'],
        ['new/deep/tool', 'x'],
        ['run.sh', '#!/bin/sh\n'],
      ]);
      expect(exit).toEqual({ exitCode: 0, oomKilled: false });
    });

    test('hands back a report in SARIF and a diff in the contract’s own words', async () => {
      const program = `
        const artifactLocation = { uri: 'file:///workspace/a.txt' };
        const locations = [{ physicalLocation: { artifactLocation, region: { startLine: 1 } } }];
        const results = [{ ruleId: 'R1', message: { text: 'say' }, locations }];
        const runs = [{ tool: { driver: { name: 'Tool', version: '1' } }, results }];
        fs.writeFileSync('/out/report.sarif', JSON.stringify({ version: '2.1.0', runs }));
        fs.writeFileSync('/out/patch.diff', '--- a/a.txt\\n+++ b/a.txt\\n@@ -1 +1 @@\\n-a\\n+b\\n');
      `;
      const { result } = await runProbe({ image, runtime, program, head: { 'a.txt': 'a\n' } });
      expect(result?.manifest).toMatchObject({
        report: {
          findings: [{ tool: 'tool', rule: 'R1', path: 'a.txt', message: 'say' }],
          tools: [{ name: 'tool', version: '1' }],
          toolErrors: [],
        },
        reportError: null,
        patch: [
          {
            path: 'a.txt',
            kind: 'modified',
            hunks: [{ startLine: 1, oldText: 'a\n', newText: 'b\n' }],
          },
        ],
        changes: [],
      });
    });

    test('tells its phases, its progress and its log in order', async () => {
      const program = `
        console.log('::progress half way');
        say('a line');
      `;
      const { events } = await runProbe({ image, runtime, program });
      // Beside what it says there is what the supervisor records of it: processes and usage.
      const said = events.filter(({ type }) => ['phase', 'progress', 'log'].includes(type));
      expect(said).toEqual([
        { type: 'phase', phase: 'unpacking' },
        { type: 'phase', phase: 'running' },
        { type: 'progress', text: 'half way' },
        { type: 'log', stream: 'stdout', text: '"a line"' },
        { type: 'phase', phase: 'collecting' },
      ]);
    });

    test('says how an agent failed and that it left no report', async () => {
      const { result } = await runProbe({ image, runtime, program: 'process.exit(7)' });
      expect(result?.manifest.agent).toEqual({ exitCode: 7, signal: null, timedOut: false });
      expect(result?.manifest.report).toBeNull();
      expect(result?.manifest.reportError).toBe('the agent left no report');
    });

    test('kills an agent whose time is over and says so', async () => {
      const program = `childProcess.spawn('sleep', ['1000']); setInterval(() => {}, 1000);`;
      const { result } = await runProbe({ image, runtime, program, agentMs: 500 });
      expect(result?.manifest.agent).toEqual({ exitCode: null, signal: 'SIGKILL', timedOut: true });
    });
  });
});
