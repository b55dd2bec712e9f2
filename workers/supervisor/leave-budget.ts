import { join } from 'node:path';
import { budgetName, ModelBudget } from '../../src/protocol/model-budget.ts';
import { NewFile } from './new-file.ts';

/**
 * Writes what the task may use of models beside what it is told, for the agent to read.
 * @throws when it is no budget, or the file is there already
 */
export function leaveBudget(task: string, budget: string | undefined): void {
  if (budget === undefined) return;
  const known = ModelBudget.parse(JSON.parse(budget));
  const file = new NewFile(join(task, budgetName), 0o444);
  file.write(Buffer.from(JSON.stringify(known)));
  file.end();
}
