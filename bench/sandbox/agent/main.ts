import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import type { Order } from './orders.ts';
import { sendRequests } from './send-requests.ts';
import { startProcesses } from './start-processes.ts';

/** The benchmark's agent: does what its instructions say and tells numbers in one line of output. */
async function follow(order: Order): Promise<object> {
  if (order.kind === 'requests') return sendRequests(order);
  const startedAt = performance.now();
  if (order.kind === 'processes') startProcesses(order.program, order.count);
  return { workMs: performance.now() - startedAt };
}

const { instructions } = JSON.parse(readFileSync('/task/task.json', 'utf8')) as {
  readonly instructions: string;
};
writeSync(1, `${JSON.stringify(await follow(JSON.parse(instructions) as Order))}\n`);
writeFileSync('/out/report.json', '{"findings":[],"tools":[],"toolErrors":[]}');
