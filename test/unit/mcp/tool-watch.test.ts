import { join } from 'node:path';
import type { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ToolWatch } from '../../../workers/agent-run/tool-watch.ts';
import { call, McpScene } from '../../support/mcp/mcp-scene.ts';

function openScene(): McpScene {
  const scene = new McpScene();
  onTestFinished(() => scene.close());
  return scene;
}

const done = [{ kind: 'end', how: 'done', text: '' }] as const;

it('the server tells its harness of the tools before its agent has them', async () => {
  const scene = openScene();
  const place = join(scene.root, 'watch/tools.sock');
  const watch = await ToolWatch.start(place);
  onTestFinished(() => watch.close());
  const client = await scene.connect(`--harness=${place}`);
  watch.take(done);
  expect(watch.fault).toMatch(/never asked/);
  expect((await client.listTools()).tools).not.toEqual([]);
  watch.take(done);
  expect(watch.fault).toBeUndefined();
  await client.listTools();
  watch.take(done);
  expect(watch.fault).toBeUndefined();
});

/** A watch over the real server of an agent that has its tools, and a clock of its own. */
async function watched() {
  const scene = openScene();
  const place = join(scene.root, 'watch/tools.sock');
  const clock = { nowMs: 0 };
  const nowMs = vi.fn<() => number>(() => clock.nowMs);
  const watch = await ToolWatch.start(place, nowMs);
  onTestFinished(() => watch.close());
  const client = await scene.connect(`--harness=${place}`);
  await client.listTools();
  const { pid } = client.transport as StdioClientTransport;
  const end = (signal: NodeJS.Signals) => process.kill(pid ?? 0, signal);
  return {
    scene,
    place,
    watch,
    clock,
    client,
    end,
    left: () => vi.waitFor(() => expect(nowMs).toHaveBeenCalled()),
  };
}

it.each(['its stdin is closed', 'SIGINT'])(
  'an agent that is done ends its server: %s',
  async (how) => {
    const { scene, place, watch, clock, client, end, left } = await watched();
    await (how === 'SIGINT' ? end(how) : client.close());
    await left();
    // What the agent said before may come to us only now.
    watch.take(done);
    expect(watch.fault).toBeUndefined();
    clock.nowMs = 10_000;
    expect(watch.fault).toBeUndefined();
    clock.nowMs = 10_001;
    expect(watch.fault).toBe('closed its tools and worked on without them');
    await (await scene.connect(`--harness=${place}`)).listTools();
    expect(watch.fault).toBeUndefined();
  },
);

it.each(['SIGKILL', 'SIGTERM'] as const)('a server that is ended by %s is lost', async (signal) => {
  const { watch, end } = await watched();
  end(signal);
  await vi.waitFor(() => {
    watch.take(done);
    expect(watch.fault).toMatch(/^lost its tools/);
  });
});

it('the server serves without a harness that listens', async () => {
  const client = await openScene().connect('--harness=/no/such/place');
  expect((await client.listTools()).tools).not.toEqual([]);
  expect((await call(client, 'list_findings')).isError).toBe(false);
});
