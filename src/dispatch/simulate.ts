import type { Command } from '../commands/command.ts';
import { parseCommands } from '../commands/parse.ts';
import { commandNames } from '../domain/command-names.ts';
import type { Trigger } from '../domain/trigger.ts';
import { planPullRequest } from '../policy/decide/plan-task.ts';
import { PullRequestEvent } from '../policy/document/triggers.ts';
import type { SimulatedAct, Simulation } from '../report/policy/simulation.ts';
import { isForPullRequests, onlyForPullRequests } from './issue-commands.ts';
import { commandTasks } from './offered-tasks.ts';
import { simulateCheck } from './simulate-check.ts';
import { simulateCommand } from './simulate-command.ts';
import { simulatePlace } from './simulate-place.ts';
import { type SimulationFacts, useNothing } from './simulation-facts.ts';

/**
 * What Sallyport would do with this trigger, step by step, without doing any of it. Pure and total.
 * What only GitHub or the record knows (is it paused, was this commit reviewed, does the task still wait)
 * is not in it.
 */
export function simulate(trigger: Trigger, facts: SimulationFacts): Simulation {
  switch (trigger.type) {
    case 'pull-request':
      return simulatePullRequest(trigger, facts);
    case 'comment':
      return simulateComment(trigger, facts);
    case 'check-rerequested':
    case 'check-action':
      return simulateCheck(trigger, facts);
    default:
      return simulatePlace(trigger);
  }
}

function simulatePullRequest(
  { action }: Extract<Trigger, { type: 'pull-request' }>,
  { policy, pullRequest, sender, atMs }: SimulationFacts,
): Simulation {
  const event = PullRequestEvent.safeParse(action);
  const act = `pull request ${action}`;
  if (!event.success) {
    const reason = 'Its tasks that still live are ended.';
    return { reason: read, acts: [{ act, reason, plans: [] }] };
  }
  if (pullRequest === null) {
    return nothingOf('The payload does not say how the pull request stands.');
  }
  const { isFork, author, ...stands } = pullRequest;
  const plans = planPullRequest(policy, {
    pullRequest: { ...stands, event: event.data, atMs },
    isFork,
    author,
    pusher: action === 'synchronize' ? sender : author,
    ...useNothing(atMs),
  });
  return { reason: read, acts: [{ act, reason: 'Each task is asked.', plans }] };
}

const read = 'The delivery is taken.';

function simulateComment(
  { sender, body, isPullRequest, threadId }: Extract<Trigger, { type: 'comment' }>,
  facts: SimulationFacts,
): Simulation {
  if (sender.type !== 'User') return nothingOf('Comments by bots command nothing.');
  const shortForms = facts.policy.commands.short ? commandNames : [];
  const tasks = commandTasks(facts.policy, isPullRequest ? 'pull-request' : 'issue');
  const commands = parseCommands(body, { shortForms, tasks });
  if (commands.length === 0) return nothingOf('No line of the comment is a command.');
  if (!isPullRequest) return { reason: read, acts: commands.map((one) => onIssue(one, facts)) };
  const where =
    threadId === null
      ? read
      : `${read} It counts in threads of Sallyport’s own alone, but for \`fix\`.`;
  return { reason: where, acts: commands.map((command) => simulateCommand(command, facts)) };
}

/** Whoever opened an issue is its author, and no author in the sense of a policy. */
function onIssue(command: Command, facts: SimulationFacts): SimulatedAct {
  const { name } = command;
  if (isForPullRequests(command, facts.policy)) {
    return {
      act: `/sallyport ${name}`,
      reason: `Answered: ${onlyForPullRequests(name)}`,
      plans: [],
    };
  }
  return simulateCommand(command, { ...facts, sender: { ...facts.sender, isAuthor: false } });
}

function nothingOf(reason: string): Simulation {
  return { reason: `Nothing happens. ${reason}`, acts: [] };
}
