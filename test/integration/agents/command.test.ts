import { describe, expect, it } from 'vitest';
import { play, prepareOnce } from '../../support/agents/agent-scene.ts';
import { containerBench } from '../../support/agents/container-bench.ts';
import { localBench } from '../../support/agents/local-bench.ts';
import { fail, say } from '../../support/models/turn.ts';

const sh = (name: string, script: string) => ({ name, run: ['/bin/sh', '-c', script] });

describe.each([localBench, containerBench('runc')])('command, on the bench $name', (bench) => {
  const agent = 'command';
  prepareOnce(bench, agent);

  it('verifies a tree, and tells how each command ended', async () => {
    const end = await play({
      bench,
      agent,
      script: [],
      task: {
        purpose: 'verify',
        commands: [sh('build', 'grep hello a.txt'), sh('test', 'exit 3')],
      },
    });
    expect(end.exitCode).toBe(1);
    expect(end.report?.commands).toMatchObject([
      { name: 'build', exitCode: 0, output: 'hello\n' },
      { name: 'test', exitCode: 3, output: '' },
    ]);
  });

  it('reports what a program leaves, and keeps what it changed', async () => {
    const finding = {
      message: 'says hello',
      location: { path: 'a.txt', range: { start: { line: 1 } } },
      source: { name: 'own-tool' },
      code: { value: 'greeting' },
      severity: 'WARNING',
    };
    const script = `echo changed > b.txt; echo '${JSON.stringify(finding)}' > "$OUT_DIR/report.rdjsonl"`;
    const task = { commands: [sh('look', script)] };
    const end = await play({ bench, agent, script: [], task });
    expect(end.exitCode).toBe(0);
    expect(end.report?.findings).toMatchObject([
      { tool: 'own-tool', rule: 'greeting', path: 'a.txt', range: { startLine: 1 } },
    ]);
    expect(end.files.get('b.txt')).toBe('changed\n');
  });

  it('lets a program of any kind ask the model, with the prompt and the key of the task', async () => {
    const program = `
      const { readFileSync } = require('node:fs');
      const { MODEL_URL, MODEL_KEY, MODEL_NAME, PROMPT_FILE } = process.env;
      const content = readFileSync(PROMPT_FILE, 'utf8');
      const parameters = { type: 'object', properties: {} };
      const body = { model: MODEL_NAME, stream: true, messages: [{ role: 'user', content }],
        tools: [{ type: 'function', function: { name: 'look', parameters } }] };
      fetch(MODEL_URL + '/v1/chat/completions', { method: 'POST', body: JSON.stringify(body),
        headers: { authorization: 'Bearer ' + MODEL_KEY, 'content-type': 'application/json' } })
        .then(async (answer) => console.log(answer.status, await answer.text()));`;
    const end = await play({
      bench,
      agent,
      script: [say('good day'), fail(500, 'api_error')],
      prompt: 'a prompt of its own',
      task: { commands: [{ name: 'ask', run: ['node', '-e', program] }] },
    });
    expect(end.report?.commands?.[0]?.output).toMatch(/^200 .*good day/s);
    expect(JSON.stringify(end.model.requests[0]?.body)).toContain('a prompt of its own');
  });
});
