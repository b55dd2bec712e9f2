import { parametersInWords } from '../../policy/decide/parameters.ts';
import type { EffectiveTask } from '../../policy/effective-policy.ts';

/** What starts a task, in words. Raw text: globs and labels are what people wrote. */
export function startInWords({ enabled, triggers }: EffectiveTask): string {
  if (!enabled) return 'never: it is switched off';
  const { events, branches, paths, ignorePaths, labels, drafts } = triggers;
  if (events.length === 0) return 'not by itself';
  return [
    `on ${events.join(', ')}`,
    named('for base branches', branches),
    named('when files change of', paths),
    named('not counting', ignorePaths),
    named('with a label of', labels.any),
    named('without the labels', labels.none),
    drafts ? 'drafts too' : 'not for drafts',
  ]
    .flat()
    .join('; ');
}

/** The comment that starts a task that is switched on. */
export function commandInWords(name: string, task: EffectiveTask): string {
  if (!task.triggers.command) return 'none';
  const takes = parametersInWords(task);
  if (takes !== '') return `/sallyport run ${name} ${takes}`;
  return name === 'review' || name === 'fix' ? `/sallyport ${name}` : `/sallyport run ${name}`;
}

/** When nothing starts by itself, in words. */
export function quietInWords(hours: EffectiveTask['quietHours']): string {
  if (hours.length === 0) return 'none';
  return hours
    .map(({ days, from, to, timeZone }) => `${days.join(', ')} ${from} to ${to} ${timeZone}`)
    .join('; ');
}

function named(words: string, list: readonly string[]): readonly string[] {
  return list.length === 0 ? [] : [`${words} ${list.join(', ')}`];
}
