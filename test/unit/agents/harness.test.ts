import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AgentReport } from '../../../src/protocol/agent-report.ts';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import { toolsLeft, toolsListed } from '../../../src/protocol/tool-watch.ts';
import type { AgentAdapter } from '../../../workers/agent-run/agent-adapter.ts';
import type { AgentPlaces } from '../../../workers/agent-run/agent-places.ts';
import { runHarness } from '../../../workers/agent-run/harness.ts';
import { LogLines } from '../../../workers/supervisor/log-lines.ts';
import { taskInput } from '../protocol/samples.ts';

const model = { api: 'openai-chat', label: 'route', name: 'm' };

/** Says that it has been asked for its tools, as their server does, and lives on: `$TOOLS`. By SIGUSR2 it takes leave. */
const server = `
  const socket = require('node:net').connect(process.argv[1]);
  socket.write(${JSON.stringify(toolsListed)});
  socket.once('data', () => require('node:fs').writeFileSync(process.argv[2], ''));
  process.on('SIGUSR2', () => { socket.write(${JSON.stringify(toolsLeft)}); process.exit(); });
`;
const startTools = `"$NODE" -e "$SERVER" "$SOCKET" "$HOME/listed" >&2 & TOOLS=$!
  until [ -e "$HOME/listed" ]; do sleep 0.01; done; rm "$HOME/listed"; `;

/** An agent that is a shell script, with its tools. A line `done` is its end. */
function shellAgent(script: string, aside: readonly string[] = []): AgentAdapter {
  return bareAgent(`${startTools}${script}`, aside);
}

/** The same without tools. */
function bareAgent(script: string, aside: readonly string[] = []): AgentAdapter {
  return {
    name: 'shell-agent',
    version: '1',
    apis: ['openai-chat'],
    aside,
    start: ({ modelUrl, modelKey, node, mcp }) => ({
      argv: ['/bin/sh', '-c', script],
      env: {
        MODEL_URL: modelUrl,
        MODEL_KEY: modelKey,
        NODE: node,
        SERVER: server,
        SOCKET: mcp.args.at(-1)?.replace('--harness=', '') ?? '',
      },
      files: { 'a/config.json': '{}' },
    }),
    reader: () => (line) =>
      line === 'done'
        ? [{ kind: 'end', how: 'done', text: '' }]
        : [{ kind: 'tool', name: 'say', detail: line.slice(0, 300) }],
  };
}

async function furnish(task: object = { model }): Promise<AgentPlaces> {
  const root = await mkdtemp(join(tmpdir(), 'harness-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const at = (name: string): string => join(root, name);
  const places = {
    task: at('task'),
    workspace: at('workspace'),
    out: at('out'),
    mergeBase: at('merge-base'),
    home: at('home'),
    bundles: at('bundles'),
    agents: at('agents'),
    models: 'http://127.0.0.1:9',
  };
  for (const name of ['task', 'workspace', 'out', 'home']) await mkdir(at(name));
  await writeFile(at('task/task.json'), JSON.stringify({ ...taskInput, ...task }));
  await writeFile(at('task/prompt.md'), 'the prompt\n');
  await writeFile(at('workspace/a.txt'), 'hello\n');
  return places;
}

interface Ran {
  readonly code: number;
  readonly printed: string;
  readonly report: AgentReport | undefined;
}

async function run(
  adapter: AgentAdapter,
  places: AgentPlaces,
  signal: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const printed: string[] = [];
  const code = await runHarness({
    adapter,
    places,
    env: { PATH: '/usr/bin:/bin', HOME: places.home, SALLYPORT_MODEL_KEY: 'key', SECRET: 's' },
    print: (text) => printed.push(text),
    signal,
  });
  const names = await readdir(places.out);
  const report = names.includes('report.json')
    ? AgentReport.parse(JSON.parse(await readFile(join(places.out, 'report.json'), 'utf8')))
    : undefined;
  return { code, printed: printed.join(''), report };
}

const messageOf = ({ report }: Ran): string | undefined => report?.toolErrors[0]?.message;

describe('the harness', () => {
  it('gives the prompt, the key and its address, and no more', async () => {
    const places = await furnish();
    const script = 'cat > got; env | sort >> got; ls $HOME/a >> got; echo done';
    const ran = await run(shellAgent(script), places);
    expect(ran.code).toBe(0);
    const got = await readFile(join(places.workspace, 'got'), 'utf8');
    expect(got).toMatch(/^the prompt\n/);
    expect(got).toContain('MODEL_URL=http://127.0.0.1:9/route\n');
    expect(got).toContain('MODEL_KEY=key\n');
    expect(got).toMatch(/config\.json\n$/);
    expect(got).not.toMatch(/SECRET|SALLYPORT/);
    expect(ran.report).toEqual({
      findings: [],
      tools: [{ name: 'shell-agent', version: '1' }],
      toolErrors: [],
    });
  });

  it.each([
    [
      'says nothing at its end',
      'true',
      1,
      'ended with exit code 0 and did not say that it was done',
    ],
    [
      'ends badly after it said so',
      'echo done; exit 3',
      3,
      'said that it was done, and ended with exit code 3',
    ],
    [
      'is killed',
      'echo one; kill -KILL $$',
      1,
      'ended by SIGKILL and did not say that it was done',
    ],
    [
      'complains',
      'echo no memory >&2; exit 2',
      2,
      'ended with exit code 2 and did not say that it was done: no memory',
    ],
  ])('does not believe an agent that %s', async (_what, script, code, message) => {
    const ran = await run(shellAgent(script), await furnish());
    expect(ran.code).toBe(code);
    expect(messageOf(ran)).toBe(message);
  });

  it.each([
    ['never had its tools', bareAgent('echo done'), /^worked without its tools/],
    [
      'lost its tools',
      shellAgent('kill -KILL $TOOLS; wait $TOOLS; echo done'),
      /^lost its tools while it worked/,
    ],
    [
      'lost its tools, and got others',
      shellAgent(`kill -KILL $TOOLS; wait $TOOLS; ${startTools} echo done`),
      /^lost its tools while it worked/,
    ],
  ])('does not believe that an agent is done that %s', async (_what, adapter, message) => {
    const ran = await run(adapter, await furnish());
    expect(ran.code).toBe(1);
    expect(messageOf(ran)).toMatch(message);
  });

  it.each([
    ['and then its tools', 'echo done; kill -KILL $TOOLS; wait $TOOLS; echo more'],
    // What it said before may come to us after that.
    ['after its tools took leave', 'kill -USR2 $TOOLS; wait $TOOLS; sleep 0.3; echo done'],
  ])('believes one that ends %s', async (_what, script) => {
    expect((await run(shellAgent(script), await furnish())).code).toBe(0);
  });

  it('keeps the end of a long complaint', async () => {
    const ran = await run(
      shellAgent('yes complaint | head -c 100000 >&2; echo END >&2; exit 1'),
      await furnish(),
    );
    expect(messageOf(ran)).toMatch(/complaint\nEND$/);
    expect(messageOf(ran)?.length).toBeLessThan(2_000);
  });

  it.each([
    ['no model', {}, 'names no model'],
    ['another API', { model: { ...model, api: 'anthropic-messages' } }, 'anthropic-messages'],
  ])('does not start an agent for %s', async (_what, task, words) => {
    const places = await furnish(task);
    const ran = await run(shellAgent('echo started > started; echo done'), places);
    expect(ran.code).toBe(1);
    expect(messageOf(ran)).toContain(words);
    expect(await readdir(places.workspace)).toEqual(['a.txt']);
  });

  it('says that a program is not there', async () => {
    const adapter = {
      ...shellAgent(''),
      start: () => ({ argv: ['/no/such'] as const, env: {}, files: {} }),
    };
    const ran = await run(adapter, await furnish());
    expect(ran.code).toBe(1);
    expect(messageOf(ran)).toContain('could not be started');
  });

  it.each(['report.json', 'report.sarif', 'report.rdjson', 'report.rdjsonl'])(
    'leaves a %s of the agent as it is',
    async (name) => {
      const places = await furnish();
      const text = '{"findings":[],"tools":[],"toolErrors":[]}';
      await run(shellAgent(`printf '%s' '${text}' > ${places.out}/${name}; echo done`), places);
      expect(await readdir(places.out)).toEqual([name]);
      expect(await readFile(join(places.out, name), 'utf8')).toBe(text);
    },
  );

  it('asks for the end, and does not wait for who does not listen', async () => {
    const places = await furnish();
    const stop = new AbortController();
    const adapter = shellAgent("trap '' TERM; echo ready; sleep 300 & wait; sleep 300");
    const reader = (): ReturnType<AgentAdapter['reader']> => (line) => {
      if (line === 'ready') stop.abort();
      return [];
    };
    const ran = await run({ ...adapter, reader }, places, stop.signal);
    expect(ran.code).toBe(143);
    expect(messageOf(ran)).toBe('ended by SIGTERM before it was done');
  });

  it('does not wait for a child that holds the output open', async () => {
    const script =
      'setsid sh -c "echo $$ > pid; exec sleep 300" & while ! [ -s pid ]; do sleep 0.1; done; echo done';
    const places = await furnish();
    const ran = await run(shellAgent(script), places);
    expect(ran.code).toBe(0);
  });

  it('puts aside what an agent would execute, and puts it back as it was', async () => {
    const places = await furnish();
    const tool = join(places.workspace, '.evil/bin/tool');
    await mkdir(join(places.workspace, '.evil/bin'), { recursive: true });
    await writeFile(tool, '#!/bin/sh\n');
    await chmod(tool, 0o755);
    const script = 'ls -A > seen; mkdir -p .evil && echo other > .evil/other; echo done';
    await run(shellAgent(script, ['.evil', 'evil.json']), places);
    expect(await readFile(join(places.workspace, 'seen'), 'utf8')).toBe('a.txt\nseen\n');
    expect(await readdir(join(places.workspace, '.evil'), { recursive: true })).toEqual([
      'bin',
      'bin/tool',
    ]);
  });

  it('prints as many events as the supervisor takes, and its end behind them', async () => {
    const script = 'yes "$(printf %0300d 0)" | head -n 20000; echo done';
    const { printed } = await run(shellAgent(script), await furnish());
    const events: SandboxEvent[] = [];
    const lines = new LogLines((event) => void events.push(event));
    lines.take('stdout', Buffer.from(printed));
    expect(events).toHaveLength(printed.trimEnd().split('\n').length);
    expect(events.length).toBeGreaterThan(1_000);
    const end = { kind: 'end', how: 'done', text: '' };
    expect(events.at(-1)).toEqual({ type: 'agent', event: end });
  });

  it('looks at no line over a MiB, and at the next one again', async () => {
    const ran = await run(
      shellAgent('head -c 3000000 /dev/zero | tr "\\0" x; echo; echo after; echo done'),
      await furnish(),
    );
    expect(ran.printed).not.toContain('xxx');
    expect(ran.printed).toContain('"detail":"after"');
    expect(ran.code).toBe(0);
  });
});
