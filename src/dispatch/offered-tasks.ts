import type { SubjectKind } from '../domain/task.ts';
import { mayRun } from '../policy/decide/people.ts';
import type { Person } from '../policy/decide/person.ts';
import { commandStart } from '../policy/decide/triggers.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import { kindOf, rulesOf } from '../policy/rules-of.ts';
import { isTriage, startsOnIssue } from './issue-commands.ts';

/** Names of the tasks that a command starts in such a place, whoever asks. */
export function commandTasks(policy: EffectivePolicy, subjectKind: SubjectKind): readonly string[] {
  const startable = Object.keys(policy.tasks).filter(
    (name) => commandStart(policy, name).outcome === 'starts',
  );
  return startable.filter((name) => {
    const rules = rulesOf(policy, name);
    if (subjectKind === 'pull-request' || isTriage(name, rules))
      return isTriage(name, rules) === (subjectKind === 'issue');
    return startsOnIssue(name, rules) && kindOf(rules) === 'fix';
  });
}

/** Those of them that this person may start. */
export function offeredTasks(
  policy: EffectivePolicy,
  { person, subjectKind }: { readonly person: Person; readonly subjectKind: SubjectKind },
): readonly string[] {
  return commandTasks(policy, subjectKind).filter(
    (name) => mayRun(rulesOf(policy, name), person).allowed,
  );
}
