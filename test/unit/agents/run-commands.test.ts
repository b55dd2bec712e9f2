import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AgentReport } from '../../../src/protocol/agent-report.ts';
import { runCommands } from '../../../workers/agents/command/run-commands.ts';
import { taskInput } from '../protocol/samples.ts';

/** A script, or a program with its arguments. */
type Named = readonly (readonly [name: string, run: string | readonly string[]])[];

async function run(commands: Named, signal: AbortSignal = new AbortController().signal) {
  const root = await mkdtemp(join(tmpdir(), 'commands-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const at = (name: string): string => join(root, name);
  for (const name of ['task', 'workspace', 'out']) await mkdir(at(name));
  const task = {
    ...taskInput,
    purpose: 'verify',
    model: { api: 'openai-chat', label: 'route', name: 'm' },
    commands: commands.map(([name, program]) => ({
      name,
      run: typeof program === 'string' ? ['/bin/sh', '-c', program] : program,
    })),
  };
  await writeFile(at('task/task.json'), JSON.stringify(task));
  const printed: string[] = [];
  const code = await runCommands({
    places: {
      task: at('task'),
      workspace: at('workspace'),
      out: at('out'),
      mergeBase: at('merge-base'),
      home: at('home'),
      bundles: at('bundles'),
      agents: at('agents'),
      models: 'http://127.0.0.1:9',
    },
    env: { PATH: '/usr/bin:/bin', SALLYPORT_MODEL_KEY: 'key', SECRET: 's' },
    print: (text) => printed.push(text),
    signal,
  });
  const text = await readFile(at('out/report.json'), 'utf8');
  return { code, printed: printed.join(''), text, out: at('out') };
}

const reportIn = (text: string): AgentReport => AgentReport.parse(JSON.parse(text));

describe('the agent command', () => {
  it('runs all commands and tells how each ended', async () => {
    const { code, text } = await run([
      ['build', 'echo built'],
      ['test', 'echo broken >&2; exit 4'],
      ['lint', 'kill -SEGV $$'],
      ['last', 'true'],
    ]);
    expect(code).toBe(1);
    const { commands, toolErrors } = reportIn(text);
    expect(commands).toMatchObject([
      { name: 'build', exitCode: 0, signal: null, output: 'built\n' },
      { name: 'test', exitCode: 4, signal: null, output: 'broken\n' },
      { name: 'lint', exitCode: null, signal: 'SIGSEGV' },
      { name: 'last', exitCode: 0 },
    ]);
    expect(toolErrors).toEqual([
      { tool: 'command', message: 'test: exit code 4; lint: ended by SIGSEGV' },
    ]);
  });

  it.each([
    ['is a link to itself', ['./loop'], /ELOOP/],
    ['is below a file', ['./file/test.sh'], /ENOTDIR/],
    ['has a name that is too long', [`./${'x'.repeat(300)}`], /ENAMETOOLONG/],
    ['is not there', ['./none'], /ENOENT/],
  ])('goes on where a program %s, and says so', async (_, program, output) => {
    const { code, text } = await run([
      ['prepare', 'ln -s loop loop; : > file'],
      ['test', program],
      ['last', 'true'],
    ]);
    expect(code).toBe(1);
    const { commands, toolErrors } = reportIn(text);
    expect(commands).toMatchObject([
      { exitCode: 0 },
      { name: 'test', exitCode: null, output: expect.stringMatching(output) as string },
      { name: 'last', exitCode: 0 },
    ]);
    expect(toolErrors[0]?.message).toBe('test: ended by an error at its start');
  });

  it('ends well when all commands did', async () => {
    const { code, text } = await run([['one', 'true']]);
    expect(code).toBe(0);
    expect(reportIn(text).toolErrors).toEqual([]);
  });

  it('does not take a task without commands for a good one', async () => {
    const { code, text } = await run([]);
    expect(code).toBe(1);
    expect(reportIn(text).toolErrors[0]?.message).toBe('the task names no commands');
  });

  it('tells a program its places, and nothing of its own environment', async () => {
    const { text } = await run([['env', 'env | sort']]);
    const output = reportIn(text).commands?.[0]?.output ?? '';
    expect(output).toMatch(/^BASE_DIR=.*\/merge-base$/m);
    expect(output).toMatch(/^MODEL_KEY=key$/m);
    expect(output).toMatch(/^MODEL_URL=http:\/\/127\.0\.0\.1:9\/route$/m);
    expect(output).toMatch(/^(DIFF|PROMPT|TASK)_FILE=/m);
    expect(output).not.toMatch(/SECRET|SALLYPORT/);
  });

  it('keeps the end of a long output', async () => {
    const { text } = await run([['long', 'yes line | head -c 100000; echo THE END']]);
    const output = reportIn(text).commands?.[0]?.output ?? '';
    expect(output.length).toBeLessThanOrEqual(8_000);
    expect(output).toMatch(/THE END\n$/);
  });

  it('leaves the report of a program as it is', async () => {
    const { text, code } = await run([['own', 'printf mine > "$OUT_DIR/report.json"']]);
    expect(text).toBe('mine');
    expect(code).toBe(0);
  });

  it('lets no program speak to the supervisor', async () => {
    const { printed } = await run([['forge', 'echo "::event {}"; echo "::progress forged"']]);
    expect(printed).toBe('::progress forge\n ::event {}\n ::progress forged\n');
  });

  it('runs no further command after it was asked to end', async () => {
    const { code, text } = await run([['one', 'true']], AbortSignal.abort());
    expect(code).toBe(1);
    expect(reportIn(text).toolErrors[0]?.message).toBe('one: not run');
  });
});
