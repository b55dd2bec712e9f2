import { describe, expect, it } from 'vitest';
import { benches, play, prepareOnce } from '../../support/agents/agent-scene.ts';
import { dialects, modelAgents } from '../../support/agents/dialects.ts';
import { call, fail, say } from '../../support/models/turn.ts';

const finding = {
  path: 'a.txt',
  rule: 'greeting',
  severity: 'warning',
  message: 'says hello',
};
const lines = { startLine: 1, endLine: 1 };
const reported = { ...finding, range: lines };

describe.each(benches)('on the bench $name', (bench) => {
  describe.each(modelAgents)('%s', (agent) => {
    prepareOnce(bench, agent);
    const { report, shell, write } = dialects[agent];

    it('reports a finding, and corrects one that is refused', async () => {
      const end = await play({
        bench,
        agent,
        script: [
          call(report({ ...finding, ...lines, path: 'b.txt' })),
          call(report({ ...finding, ...lines })),
          say('one finding'),
        ],
      });
      expect(end.exitCode).toBe(0);
      expect(end.report?.findings).toMatchObject([reported]);
      expect(end.model.requests[1]?.toolResults.join()).toContain('there is no file');
      expect(end.report).toMatchObject({ tools: [{ name: agent }], toolErrors: [] });
    });

    it('runs a command and writes a file, and tells of both', async () => {
      const end = await play({
        bench,
        agent,
        script: (_request, index) =>
          [
            call(shell('cat a.txt && echo from-agent > made.txt')),
            call(write('.', 'written.txt', 'by its own tool\n')),
          ][index] ?? say('done'),
      });
      expect(end.exitCode).toBe(0);
      expect(end.model.requests[1]?.toolResults.join()).toContain('hello');
      expect(end.files.get('made.txt')).toBe('from-agent\n');
      expect(end.files.get('written.txt')?.trim()).toBe('by its own tool');
      const tools = end.events.filter(({ kind }) => kind === 'tool');
      expect(tools).toHaveLength(2);
      expect(JSON.stringify(tools[0])).toContain('made.txt');
      expect(end.events.at(-1)).toMatchObject({ kind: 'end', how: 'done' });
    });

    it('counts tokens', async () => {
      const usage = { input: 1_000, output: 50, cached: 200 };
      const script = [{ kind: 'text', text: 'done', usage }] as const;
      const { events } = await play({ bench, agent, script });
      expect(events).toContainEqual({
        kind: 'tokens',
        input: 1_000,
        output: 50,
        cacheRead: 200,
        cacheWrite: 0,
      });
    });

    it('takes a prompt of 300 KiB whole', async () => {
      const prompt = `begin-${'lorem ipsum '.repeat(25_600)}-end`;
      const end = await play({ bench, agent, script: [say('read')], prompt });
      expect(end.exitCode).toBe(0);
      expect(JSON.stringify(end.model.requests[0]?.body)).toContain(prompt);
    });

    it('asks again after an overload', async () => {
      const script = [fail(529, 'overloaded_error', { 'retry-after': '0' }), say('now it works')];
      const end = await play({ bench, agent, script });
      expect(end.exitCode).toBe(0);
      expect(end.model.requests.length).toBeGreaterThan(1);
      expect(end.report?.toolErrors).toEqual([]);
    });
  });

  it.each([
    ['opencode', 'anthropic-messages'],
    ['pi', 'openai-chat'],
    ['pi', 'openai-responses'],
  ] as const)('%s asks by %s too', async (agent, api) => {
    const { report } = dialects[agent];
    const end = await play({
      bench,
      agent,
      api,
      script: [call(report({ ...finding, ...lines })), say('done')],
    });
    expect(end.report?.findings).toMatchObject([reported]);
    expect(end.model.requests[0]?.api).toBe(api);
  });
});
