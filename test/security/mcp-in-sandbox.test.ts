import { beforeAll, describe, expect, test } from 'vitest';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { runProbe } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

/** Speaks to the server as clients of 2025 do, a JSON a line, and says what it answers. */
const client = `
  const server = childProcess.spawn(process.execPath, ['/opt/sallyport/mcp.js'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { createInterface } = await import('node:readline');
  const answers = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  let id = 0;
  const ask = async (method, params) => {
    server.stdin.write(JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }) + '\\n');
    return JSON.parse((await answers.next()).value).result;
  };
  const call = async (name, args) => (await ask('tools/call', { name, arguments: args })).content[0].text;
  const clientInfo = { name: 'old', version: '1' };
  const { protocolVersion } = await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  server.stdin.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }) + '\\n');
`;
const finding = { path: 'a.txt', startLine: 1, severity: 'error', rule: 'x', message: 'Here.' };

describe.each(runtimes)('the tools of an agent under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('are in the image, and what is reported by them is the result of an agent that was killed', async () => {
      const program = `${client}
        say(protocolVersion);
        say(await call('report_finding', ${JSON.stringify({ ...finding, startLine: 2 })}));
        say(await call('report_finding', ${JSON.stringify(finding)}));
        say(await call('get_base_file', { path: 'a.txt' }));
        process.kill(process.pid, 'SIGKILL');
      `;
      const head = { 'a.txt': 'is\n' };
      const extras = { base: { 'a.txt': 'was\n' } };
      const { said, result } = await runProbe({ image, runtime, program, head, extras });
      expect(said).toEqual([
        '2025-06-18',
        'endLine: "a.txt" has 1 lines, not 2.',
        'Reported: 1 of at most 100 findings.',
        'was\n',
      ]);
      const { startLine, ...rest } = finding;
      expect(result?.manifest.report).toEqual({
        findings: [{ tool: 'probe', ...rest, range: { startLine, endLine: startLine } }],
        tools: [],
        toolErrors: [{ tool: 'probe', message: 'left no whole report, and ended by SIGKILL' }],
      });
    });
  });
});
