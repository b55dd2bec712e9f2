import type { Command } from '../commands/command.ts';
import { whyNotTaken } from '../policy/decide/parameters.ts';
import { mayApprove } from '../policy/decide/people.ts';
import { isAmong } from '../policy/decide/person.ts';
import { planCommand } from '../policy/decide/plan-task.ts';
import { findRules } from '../policy/rules-of.ts';
import type { SimulatedAct } from '../report/policy/simulation.ts';
import { type SimulationFacts, useNothing } from './simulation-facts.ts';

/** What would become of one command of a comment. */
export function simulateCommand(command: Command, facts: SimulationFacts): SimulatedAct {
  const act = `/sallyport ${command.name === 'malformed' ? command.command : command.name}`;
  switch (command.name) {
    case 'review':
    case 'fix':
      return starts(act, command.name, facts);
    case 'run':
      return runs(`${act} ${command.task}`, command, facts);
    case 'approve':
    case 'reject':
      return { act, reason: gateWords(facts), plans: [] };
    case 'cancel':
    case 'retry':
    case 'pause':
    case 'resume':
      return { act, reason: whoWords(facts), plans: [] };
    case 'surplus':
      return {
        act: 'the commands after them',
        reason: `Answered: the first ${command.taken} are taken.`,
        plans: [],
      };
    case 'malformed':
      return { act, reason: `Answered: ${command.problem}.`, plans: [] };
    case 'unknown': {
      const asked = `/sallyport ${command.word}`;
      // Every task of the policy is a command by its own name.
      if (Object.hasOwn(facts.policy.tasks, command.word))
        return starts(asked, command.word, facts);
      return { act: asked, reason: unknownWords(command), plans: [] };
    }
    default:
      return { act, reason: 'Answered, whoever asks.', plans: [] };
  }
}

function runs(
  act: string,
  { task, parameters }: Extract<Command, { name: 'run' }>,
  facts: SimulationFacts,
): SimulatedAct {
  const rules = findRules(facts.policy, task);
  const values = Object.fromEntries(parameters);
  const refusal = rules === undefined ? undefined : whyNotTaken(task, rules, values);
  if (refusal !== undefined) return { act, reason: `Answered: ${refusal}`, plans: [] };
  return starts(act, task, facts);
}

function starts(act: string, task: string, facts: SimulationFacts): SimulatedAct {
  const { policy, sender, atMs } = facts;
  const plan = planCommand(policy, task, { sender, ...useNothing(atMs) });
  return { act, reason: 'The task is asked for by name.', plans: [plan] };
}

/** Who may decide at gate 2, for every task whose patch waits there. */
function gateWords({ policy, sender }: SimulationFacts): string {
  const verdicts = Object.entries(policy.tasks).map(([name, task]) => {
    const { allowed, reason } = mayApprove(task, sender, { isRequester: false });
    return `${name}: ${allowed ? 'may decide' : 'may not'}. ${reason}`;
  });
  return verdicts.length === 0 ? 'There is no task.' : verdicts.join(' ');
}

function whoWords({ policy, sender }: SimulationFacts): string {
  const { allowed, reason } = isAmong(policy.run, sender, 'some');
  return `${allowed ? 'Done' : 'Refused'}. ${reason}`;
}

function unknownWords({ closest }: Extract<Command, { name: 'unknown' }>): string {
  return closest === null
    ? 'Answered: there is no such command.'
    : `Answered: there is no such command; did you mean ${closest}?`;
}
