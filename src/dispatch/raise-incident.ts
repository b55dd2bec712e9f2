import type { Context } from './context.ts';
import type { Incident } from './leak-guard.ts';
import type { StageOf } from './stage-name.ts';

/** Records where a secret was seen, for the operator. Of the secret itself nothing is kept. */
export async function raiseIncident(
  { ledger, log }: Pick<Context, 'ledger' | 'log'>,
  { id: taskId, attempt, stage }: StageOf,
  incident: Incident,
): Promise<void> {
  await ledger.append({ type: 'incident.raised', taskId, data: { attempt, stage, ...incident } });
  log.error({ taskId, rule: incident.rule, where: incident.where }, 'a secret in the output');
}
