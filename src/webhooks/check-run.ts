import { z } from 'zod';
import { CommitSha } from '../domain/ids.ts';
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

const Run = z.object({
  id: z.int(),
  external_id: z.string().nullish(),
  head_sha: CommitSha,
  app: z.object({ id: z.int() }),
});
const Payload = z.discriminatedUnion('action', [
  Envelope.extend({ action: z.literal('rerequested'), check_run: Run }),
  Envelope.extend({
    action: z.literal('requested_action'),
    check_run: Run,
    requested_action: z.object({ identifier: z.string() }),
  }),
]);

/** `check_run`: the *Re-run* link and the buttons, of this App's check runs alone. */
export function fromCheckRun(delivery: Delivery, appId: number): Conversion {
  if (!hasAction(delivery.payload, ['rerequested', 'requested_action'])) return ignored('action');
  const parsed = Payload.safeParse(delivery.payload);
  if (!parsed.success) return refused(parsed.error);
  const payload = parsed.data;
  // Another App may give its runs our external ids; its events come to us as well.
  if (payload.check_run.app.id !== appId) return ignored('other-app');
  const fields = {
    ...commonFields(delivery, payload),
    checkRunId: payload.check_run.id,
    externalId: payload.check_run.external_id ?? '',
    headSha: payload.check_run.head_sha,
  };
  if (payload.action === 'rerequested') return toTrigger({ ...fields, type: 'check-rerequested' });
  const { identifier } = payload.requested_action;
  return toTrigger({ ...fields, type: 'check-action', identifier });
}
