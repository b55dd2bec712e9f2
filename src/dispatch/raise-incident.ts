import type { Task } from '../domain/task.ts';
import type { Context } from './context.ts';
import type { Incident } from './leak-guard.ts';

/** Records where a secret was seen, for the operator. Of the secret itself nothing is kept. */
export async function raiseIncident(
  { ledger, log }: Pick<Context, 'ledger' | 'log'>,
  { id: taskId, attempt }: Pick<Task, 'id' | 'attempt'>,
  incident: Incident,
): Promise<void> {
  await ledger.append({ type: 'incident.raised', taskId, data: { attempt, ...incident } });
  log.error({ taskId, rule: incident.rule, where: incident.where }, 'a secret in the output');
}
