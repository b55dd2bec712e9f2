import type { BrokerContext } from './broker-context.ts';
import { EgressEnded } from './egress-ended.ts';
import type { Exchange } from './exchange.ts';
import type { PlainRequest } from './http-forward.ts';

/** stub */
export async function callModel(
  _context: BrokerContext,
  _exchange: Exchange,
  _request: PlainRequest,
): Promise<void> {
  throw new EgressEnded('no-route');
}
