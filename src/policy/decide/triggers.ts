import type { PullRequestEvent } from '../document/triggers.ts';
import type { EffectivePolicy, EffectiveTask } from '../effective-policy.ts';
import { matchesGlob } from '../glob.ts';
import { findRules } from '../rules-of.ts';
import { quietAt } from './quiet-hours.ts';

/** What happened to a pull request, and how it stands. */
export interface PullRequestFacts {
  readonly event: PullRequestEvent;
  readonly baseBranch: string;
  /** Changed files; null when they could not be read. */
  readonly paths: readonly string[] | null;
  readonly labels: readonly string[];
  readonly isDraft: boolean;
  /** Epoch ms. */
  readonly atMs: number;
}

/** Whether a task starts, and the rule that says so, as `tasks.review.triggers.paths`. */
export interface Start {
  readonly task: string;
  readonly outcome: 'starts' | 'waits' | 'stays';
  readonly rule: string;
  readonly reason: string;
  /** For `waits`: until when, epoch ms; null when it cannot be told. */
  readonly untilMs?: number | null;
}

/** For every task of the policy: does this event start it by itself? */
export function triggersOf(policy: EffectivePolicy, facts: PullRequestFacts): readonly Start[] {
  return Object.entries(policy.tasks).map(([name, task]) => startOf(name, task, facts));
}

/** Does the command `/sallyport <name>` start a task? Quiet hours do not hold it up. */
export function commandStart(policy: EffectivePolicy, name: string): Start {
  const task = findRules(policy, name);
  if (task === undefined) {
    const reason = 'There is no task of this name.';
    return { task: name, outcome: 'stays', rule: 'tasks', reason };
  }
  const why = whyOff(task) ?? whyNoCommand(task);
  return told(name, why ?? ['starts', 'triggers.command', 'A command starts it.']);
}

type Told = readonly [outcome: 'starts' | 'stays', rule: string, reason: string];

function told(task: string, [outcome, rule, reason]: Told): Start {
  return { task, outcome, rule: `tasks.${task}.${rule}`, reason };
}

function startOf(name: string, task: EffectiveTask, facts: PullRequestFacts): Start {
  const why = whyOff(task) ?? whyStays(task.triggers, facts);
  if (why !== undefined) return told(name, why);
  const quiet = quietAt(task.quietHours, facts.atMs);
  if (!quiet.isQuiet)
    return told(name, ['starts', 'triggers.events', `It starts on ${facts.event}.`]);
  const rule = `tasks.${name}.quietHours`;
  const reason = 'Quiet hours: nothing starts by itself now.';
  return { task: name, outcome: 'waits', rule, reason, untilMs: quiet.untilMs };
}

function whyOff({ enabled }: EffectiveTask): Told | undefined {
  return enabled ? undefined : ['stays', 'enabled', 'The policy has this task switched off.'];
}

function whyNoCommand({ triggers }: EffectiveTask): Told | undefined {
  if (triggers.command) return undefined;
  return ['stays', 'triggers.command', 'The policy lets no command start this task.'];
}

function whyStays(triggers: EffectiveTask['triggers'], facts: PullRequestFacts): Told | undefined {
  const { events, branches, drafts } = triggers;
  const { event, baseBranch, isDraft } = facts;
  if (!events.includes(event))
    return ['stays', 'triggers.events', `It does not start on ${event}.`];
  if (branches.length > 0 && !matchesAny(branches, baseBranch)) {
    return ['stays', 'triggers.branches', `It does not start for ${baseBranch}.`];
  }
  if (isDraft && !drafts) return ['stays', 'triggers.drafts', 'A draft does not start it.'];
  return whyLabels(triggers, facts) ?? whyPaths(triggers, facts);
}

function whyLabels(
  { labels: { any, none } }: EffectiveTask['triggers'],
  { labels }: PullRequestFacts,
): Told | undefined {
  const held = new Set(labels.map((label) => label.toLowerCase()));
  const stop = none.find((label) => held.has(label.toLowerCase()));
  if (stop !== undefined) return ['stays', 'triggers.labels.none', `The label ${stop} stops it.`];
  if (any.length === 0 || any.some((label) => held.has(label.toLowerCase()))) return undefined;
  return ['stays', 'triggers.labels.any', `It starts with the label ${any.join(' or ')} only.`];
}

/** Files that could not be read stop nothing: a review too many is better than one that is missing. */
function whyPaths(
  { paths, ignorePaths }: EffectiveTask['triggers'],
  facts: PullRequestFacts,
): Told | undefined {
  if (facts.paths === null) return undefined;
  const counted = facts.paths.filter((path) => !matchesAny(ignorePaths, path));
  if (ignorePaths.length > 0 && counted.length === 0) {
    return [
      'stays',
      'triggers.ignorePaths',
      'Every changed file is among those that do not count.',
    ];
  }
  if (paths.length === 0 || counted.some((path) => matchesAny(paths, path))) return undefined;
  return ['stays', 'triggers.paths', 'No changed file is among those that start it.'];
}

function matchesAny(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => matchesGlob(glob, path));
}
