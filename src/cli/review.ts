import { readConfig } from '../config.ts';
import type { AgentVerdict } from '../dispatch/run-agent.ts';
import { egressOf } from '../policy/decide/egress-of.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { rulesOf } from '../policy/rules-of.ts';
import { conclude } from '../report/conclude.ts';
import { describeEnding } from '../report/describe-ending.ts';
import { loadPolicy } from '../wiring.ts';
import { LastWords } from './last-words.ts';
import { printReport } from './print-report.ts';
import { ProgressLine } from './progress-line.ts';
import { readReviewOptions } from './review-options.ts';
import { runLocally } from './run-locally.ts';

/** Findings reach the failing level. */
const exitFindings = 1;
/** There is no result. */
const exitNoResult = 2;
/** What shells answer for a process that SIGINT ended: 128 + 2. */
const exitInterrupted = 130;

/**
 * Reviews a local repository with the same input, sandbox and checks as on GitHub. The repository is only
 * read: with `--fix` the patch and the gate's word on it are printed, nothing is applied. Resolves with the
 * exit code. @throws SallyportError with what to do
 */
export async function reviewCommand(args: readonly string[]): Promise<number> {
  const config = readConfig();
  const options = readReviewOptions(args, config.workingDir);
  const { policy } = loadPolicy(config.policyFile).loaded;
  const named = rulesOf(policy, options.fix ? 'fix' : 'review');
  const rules = { ...named, runtime: options.runtime ?? named.runtime };
  const progress = new ProgressLine(process.stderr);
  const lastWords = new LastWords();
  const stop = stopOnSignal();
  try {
    progress.say('reading the repository');
    const verdict = await runLocally(options, {
      config,
      rules,
      reach: egressOf(policy, rules),
      signal: stop.signal,
      onEvent: (event) => {
        progress.show(event);
        lastWords.add(event);
      },
      onPrepared: () => progress.say('starting the sandbox'),
    });
    progress.clear();
    if (verdict.status !== 'outcome') return noResult(verdict, rules, lastWords);
    await printReport({ options, rules }, verdict, process.stdout);
    return conclude(rules, verdict.outcome) === 'failure' ? exitFindings : 0;
  } catch (error) {
    // Whatever broke off because of the signal has nothing to add to it.
    if (!stop.signal.aborted) throw error;
    return exitInterrupted;
  } finally {
    progress.clear();
    stop.release();
  }
}

/**
 * Aborts at SIGINT or SIGTERM, so that the sandbox is removed before the process ends. The same Ctrl-C comes
 * several times where npm and our scripts pass it on, so that a second one must not cut this short.
 */
function stopOnSignal(): { readonly signal: AbortSignal; release(): void } {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: stop.signal,
    release: () => {
      for (const name of signals) process.off(name, interrupt);
    },
  };
}

/** Says why there is no result, in the words that a check run would use, and what the sandbox said last. */
function noResult(
  verdict: Exclude<AgentVerdict, { status: 'outcome' }>,
  rules: EffectiveTask,
  lastWords: LastWords,
): number {
  if (verdict.status === 'cancelled') return exitInterrupted;
  const { title, advice } = describeEnding(
    { name: 'review', isAutomatic: false, state: verdict.status, reason: verdict.reason },
    rules,
  );
  const lines = [`sallyport: ${verdict.reason}: ${title}`, advice];
  if (lastWords.lines.length > 0) lines.push('The sandbox said last:', ...lastWords.lines);
  process.stderr.write(`${lines.join('\n')}\n`);
  return exitNoResult;
}
