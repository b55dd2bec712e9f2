import type { ClientHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AgentStreams } from '../../../../workers/supervisor/proxy/open-stream.ts';

const most = 28;

/** Streams of a wire that the test ends by hand. */
function scene() {
  const opened: Duplex[] = [];
  const streams = new AgentStreams(() => {
    const stream = new Duplex({
      autoDestroy: false,
      read: () => undefined,
      write: (_chunk, _encoding, done) => done(),
    });
    opened.push(stream);
    return stream as ClientHttp2Stream;
  });
  const open = (endStream = true) => streams.open({}, endStream) !== undefined;
  const fill = (endStream = true) => Array.from({ length: most }, () => open(endStream));
  return { opened, open, fill };
}

/** The answer has come to its end and has been read. */
async function answered(stream: Duplex | undefined): Promise<void> {
  stream?.push(null);
  stream?.resume();
  await new Promise((resolve) => stream?.once('end', resolve));
}

describe('streams for the agent', () => {
  it('are opened up to the ceiling and not above', () => {
    const { open, fill } = scene();
    expect(fill()).not.toContain(false);
    expect(open()).toBe(false);
  });

  it('free their place when both sides have said all, before the stream is closed', async () => {
    const { opened, open, fill } = scene();
    fill();
    await answered(opened[0]);
    expect([open(), open()]).toEqual([true, false]);
  });

  it('keep their place while the request is still under way', async () => {
    const { opened, open, fill } = scene();
    fill(false);
    await answered(opened[0]);
    expect(open()).toBe(false);
    opened[0]?.destroy();
    await new Promise((resolve) => opened[0]?.once('close', resolve));
    expect([open(), open()]).toEqual([true, false]);
  });

  it('free it once, though the end and the close both come', async () => {
    const { opened, open, fill } = scene();
    fill();
    await answered(opened[0]);
    opened[0]?.destroy();
    await new Promise((resolve) => opened[0]?.once('close', resolve));
    expect([open(), open()]).toEqual([true, false]);
  });
});
