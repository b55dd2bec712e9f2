import { Agent, request } from 'node:http';
import type { RequestsOrder, RequestsTold } from './orders.ts';

/** Requests that open the connections and warm both ends up; not counted. */
const warmUp = 20;

/** The same client in the sandbox and outside: only where it connects to differs. */
export async function sendRequests(order: RequestsOrder): Promise<RequestsTold> {
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections });
  for (let sent = 0; sent < Math.min(warmUp, order.count); sent += 1) await send(order, agent);
  const times: number[] = [];
  let bytes = 0;
  let left = order.count;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      const got = await send(order, agent);
      // In two steps: `bytes += await …` would read the sum before it waits, and lose what others add.
      bytes += got;
      times.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: order.connections }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
    requestsPerSecond: order.count / seconds,
    megabytesPerSecond: bytes / 1e6 / seconds,
  };
}

function send({ url, proxyPort }: RequestsOrder, agent: Agent): Promise<number> {
  const target = new URL(url);
  const place =
    proxyPort === null
      ? { host: '127.0.0.1', port: target.port, path: target.pathname }
      : { host: '127.0.0.1', port: proxyPort, path: url };
  return new Promise((resolve, reject) => {
    const sent = request({ ...place, agent, headers: { host: target.host } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(bytes);
        else reject(new Error(`the answer was ${answer.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
