import type { PullRequestEvent } from '../document/triggers.ts';
import type { EffectivePolicy, EffectiveTask } from '../effective-policy.ts';
import { Effort } from '../effort.ts';
import { GlobList } from '../glob-list.ts';
import { findRules, purposeOf, rulesOf } from '../rules-of.ts';
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

/** Steps that the paths of one task's triggers are worth: 6,000 and 250 globs. About 30 ms. */
const stepsATask = 1_500_000;

/** For every task of the policy: does this event start it by itself? */
export function triggersOf(policy: EffectivePolicy, facts: PullRequestFacts): readonly Start[] {
  return Object.keys(policy.tasks).map((name) => triggerOf(policy, name, facts));
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

/** Does this event start this task of the policy by itself? */
export function triggerOf(policy: EffectivePolicy, name: string, facts: PullRequestFacts): Start {
  const task = rulesOf(policy, name);
  const why = whyOff(task) ?? whyTriage(name, task) ?? whyStays(task.triggers, facts);
  if (why !== undefined) return told(name, why);
  return unlessQuiet(name, task, facts);
}

interface Moment {
  readonly event: string;
  /** That says so. */
  readonly rule?: string;
  /** Epoch ms. */
  readonly atMs: number;
}

function unlessQuiet(
  name: string,
  { quietHours }: EffectiveTask,
  { event, atMs, rule: by = 'triggers.events' }: Moment,
): Start {
  const quiet = quietAt(quietHours, atMs);
  if (!quiet.isQuiet) return told(name, ['starts', by, `It starts on ${event}.`]);
  const rule = `tasks.${name}.quietHours`;
  const reason = 'Quiet hours: nothing starts by itself now.';
  return { task: name, outcome: 'waits', rule, reason, untilMs: quiet.untilMs };
}

/** Does a new issue start this task by itself? Triage alone: nothing else is for whatever anybody writes. */
export function issueStart(policy: EffectivePolicy, name: string, atMs: number): Start {
  const task = rulesOf(policy, name);
  const why = whyOff(task) ?? whyNoIssue(name, task);
  return why === undefined
    ? unlessQuiet(name, task, { event: 'a new issue', rule: 'triggers.issues', atMs })
    : told(name, why);
}

function whyNoIssue(name: string, task: EffectiveTask): Told | undefined {
  if (purposeOf(name, task) !== 'triage') return ['stays', 'purpose', 'It is no task of triage.'];
  if (task.triggers.issues.includes('opened')) return undefined;
  return ['stays', 'triggers.issues', 'It does not start on a new issue.'];
}

function whyOff({ enabled }: EffectiveTask): Told | undefined {
  return enabled ? undefined : ['stays', 'enabled', 'The policy has this task switched off.'];
}

/** Why a task of triage does not start on a pull request. */
export const triageIsForIssues = 'Triage is for issues; this is a pull request.';

/** It looks for no findings: what it leaves behind would pass for a review. */
function whyTriage(name: string, task: EffectiveTask): Told | undefined {
  if (purposeOf(name, task) !== 'triage') return undefined;
  return ['stays', 'purpose', triageIsForIssues];
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
  if (branches.length > 0 && !isAmong(branches, baseBranch)) {
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

/**
 * Files that could not be read, or not be compared in the steps that they are worth, stop nothing: a review
 * too many is better than one that is missing.
 */
function whyPaths(
  { paths, ignorePaths }: EffectiveTask['triggers'],
  facts: PullRequestFacts,
): Told | undefined {
  if (facts.paths === null || paths.length + ignorePaths.length === 0) return undefined;
  const effort = new Effort(stepsATask);
  const [wanted, ignored] = [new GlobList(paths), new GlobList(ignorePaths)];
  let isCounted = false;
  for (const path of facts.paths) {
    if (ignored.takes(path, effort) === true) continue;
    isCounted = true;
    if (wanted.isEmpty || wanted.takes(path, effort) !== false) return undefined;
  }
  if (ignorePaths.length > 0 && !isCounted) {
    return [
      'stays',
      'triggers.ignorePaths',
      'Every changed file is among those that do not count.',
    ];
  }
  return ['stays', 'triggers.paths', 'No changed file is among those that start it.'];
}

/** Branches that cannot be compared stop nothing either. */
function isAmong(globs: readonly string[], branch: string): boolean {
  return new GlobList(globs).takes(branch, new Effort(stepsATask)) !== false;
}
