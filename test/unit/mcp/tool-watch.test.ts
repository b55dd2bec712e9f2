import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
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

it('the server serves without a harness that listens', async () => {
  const client = await openScene().connect('--harness=/no/such/place');
  expect((await client.listTools()).tools).not.toEqual([]);
  expect((await call(client, 'list_findings')).isError).toBe(false);
});
