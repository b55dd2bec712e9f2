import type { RequestsOrder } from './agent/orders.ts';
import { sendRequests } from './agent/send-requests.ts';

/** A process of its own: the agent's client outside of a sandbox; its order is its first argument. */
const order = JSON.parse(process.argv[2] ?? '') as RequestsOrder;
process.stdout.write(JSON.stringify(await sendRequests(order)));
