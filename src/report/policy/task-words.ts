import type { EffectiveTask } from '../../policy/effective-policy.ts';
import { counted } from '../counted.ts';
import { budgetsInWords, forksInWords, outputInWords, patchInWords } from './gate-words.ts';
import { commandInWords, quietInWords, startInWords } from './start-words.ts';
import { whoInWords } from './who-words.ts';

/** One thing that the policy says of a task: what about, and the sentence. Raw text. */
export type TaskWords = readonly (readonly [about: string, text: string])[];

/** What the policy comes to for one task, as people would ask it. Not every value: `explainPolicy` has those. */
export function taskInWords(name: string, task: EffectiveTask): TaskWords {
  if (!task.enabled) return [['starts', startInWords(task)]];
  const { agent, runtime, image, instructions, egress, conclusion, protectedPaths } = task;
  const { run, quietHours, budgets, within } = task;
  const told = instructions === null ? '' : `, told by ${instructions}`;
  return [
    ['agent', `${agent} in a ${runtime} sandbox${image === null ? '' : ` of ${image}`}${told}`],
    ...(within === undefined ? [] : [['within', `${within}, whose budgets it shares`] as const]),
    ['starts', startInWords(task)],
    ['quiet hours', quietInWords(quietHours)],
    ['command', commandInWords(name, task)],
    ['may run', whoInWords(run)],
    ['gate 1', forksInWords(task)],
    ['reaches', egress.use.length === 0 ? 'nothing' : egress.use.join(', ')],
    ['writes', outputInWords(task)],
    ['gate 2', patchInWords(task)],
    ['never', `files of ${counted(protectedPaths.length, 'protected pattern')}`],
    ['check', `fails on ${conclusion.failOn}; ${conclusion.ownFailure} when Sallyport fails`],
    ['budgets', budgetsInWords(budgets)],
  ];
}
