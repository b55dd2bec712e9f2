import type { Trigger } from '../domain/trigger.ts';
import { mayApprove, mayRun } from '../policy/decide/people.ts';
import type { Verdict } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { actionIdentifiers } from '../report/plan-state.ts';
import type { Simulation } from '../report/policy/simulation.ts';
import type { SimulationFacts } from './simulation-facts.ts';

type CheckTrigger = Extract<Trigger, { type: 'check-rerequested' | 'check-action' }>;

/**
 * What would become of a click on a check run. Which task the run shows is in the record alone, so every
 * task is asked whether this person may.
 */
export function simulateCheck(trigger: CheckTrigger, facts: SimulationFacts): Simulation {
  const { act, may } = clicked(trigger, facts);
  const verdicts = Object.entries(facts.policy.tasks).map(([name, task]) => {
    const { allowed, reason } = may(task);
    return `${name}: ${allowed ? 'may' : 'may not'}. ${reason}`;
  });
  const reason = verdicts.length === 0 ? 'There is no task.' : verdicts.join(' ');
  return { reason: 'The delivery is taken.', acts: [{ act, reason, plans: [] }] };
}

interface Click {
  readonly act: string;
  readonly may: (task: EffectiveTask) => Verdict;
}

function clicked(trigger: CheckTrigger, { sender }: SimulationFacts): Click {
  const toRun = (task: EffectiveTask): Verdict => mayRun(task, sender);
  const toDecide = (task: EffectiveTask): Verdict =>
    mayApprove(task, sender, { isRequester: false });
  if (trigger.type === 'check-rerequested') return { act: 'Re-run', may: toRun };
  switch (trigger.identifier) {
    case actionIdentifiers.rerun:
      return { act: 'Re-run', may: toRun };
    case actionIdentifiers.approveRun:
      return { act: 'Approve run', may: toRun };
    case actionIdentifiers.apply:
      return { act: 'Apply', may: toDecide };
    case actionIdentifiers.reject:
      return { act: 'Reject', may: toDecide };
    default: {
      const reason = 'No button has this identifier.';
      return { act: 'a button', may: () => ({ allowed: false, reason }) };
    }
  }
}
