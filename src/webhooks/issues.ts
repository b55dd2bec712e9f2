import { z } from 'zod';
import {
  type Conversion,
  commonFields,
  type Delivery,
  Envelope,
  hasAction,
  ignored,
  refused,
  toTrigger,
} from './delivery.ts';

const Payload = Envelope.extend({ issue: z.object({ number: z.int() }) });

/** `issues`: new ones only. What stands in them is read later, by who is to work on it. */
export function fromIssues(delivery: Delivery): Conversion {
  if (!hasAction(delivery.payload, ['opened'])) return ignored('action');
  const parsed = Payload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const { number } = parsed.data.issue;
  return toTrigger({ ...commonFields(delivery, parsed.data), type: 'issue-opened', number });
}
