import { readLocalFile } from '../adapters/git/local-file.ts';
import { openSqliteStore } from '../adapters/sql/open-sqlite-store.ts';
import type { Config } from '../config.ts';
import { askOf } from '../dispatch/ask-of.ts';
import { imageFor } from '../dispatch/image-for.ts';
import { judgeOf } from '../dispatch/judge-of.ts';
import { readInstructions } from '../dispatch/policy-instructions.ts';
import { recordEgress } from '../dispatch/record-egress.ts';
import { type AgentVerdict, runAgent } from '../dispatch/run-agent.ts';
import { type CommitSha, digestOf, taskIdFor } from '../domain/ids.ts';
import { RepoPath } from '../domain/repo-path.ts';
import { openRunner } from '../open-runner.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import { systemClock } from '../system-clock.ts';
import { localCommits } from './local-commits.ts';
import type { ReviewOptions } from './review-options.ts';

/** What a local run needs besides what was asked for. */
export interface LocalRun {
  readonly config: Config;
  readonly rules: EffectiveTask;
  readonly reach: EgressPolicy;
  readonly signal: AbortSignal;
  readonly onEvent: (event: SandboxEvent) => void;
  /** Called when the input is ready and the sandbox is about to start. */
  readonly onPrepared: () => void;
}

/**
 * One run of the agent over a local repository: the same input, sandbox and checks as for a pull request.
 * The record lives in memory; nothing of it outlasts the run.
 * @throws SallyportError with what to do
 */
export async function runLocally(options: ReviewOptions, run: LocalRun): Promise<AgentVerdict> {
  const { config, rules, reach, signal, onEvent, onPrepared } = run;
  const { path } = options;
  const commits = await localCommits(options, signal);
  const kind = options.fix ? 'fix' : 'review';
  const policyInstructions = await readInstructions(rules, (file) =>
    readBase(path, { commit: commits.baseSha, file }, signal),
  );
  const taskId = taskIdFor(`${path} ${process.pid}`, kind);
  const runner = openRunner(config);
  const about = { subject: null, evidence: [], priorFindings: [] };
  const ask = askOf({ ...about, name: kind, rules, reach }, runner.promptTexts);
  const store = await openSqliteStore({ file: ':memory:', clock: systemClock });
  try {
    return await runAgent(
      { ...runner, artifacts: store.artifacts, clock: systemClock },
      {
        task: {
          id: taskId,
          kind,
          ...commits,
          instructions: null,
        },
        location: { mirrorKey: mirrorKey(path), url: path, token: null },
        rules,
        reach,
        ask,
        policyInstructions,
        image: await imageFor(runner, rules),
        judge: await judgeOf(rules, reach, runner),
        ownerId: `local-${process.pid}`,
        signal,
        onEvent,
        onEgress: (record, stage) =>
          recordEgress(store.ledger, { id: taskId, attempt: 1, stage }, record),
        onPrepared: async () => onPrepared(),
      },
    );
  } finally {
    await store.close();
  }
}

/** A file that the policy names, as the base has it. */
function readBase(
  repository: string,
  { commit, file }: { readonly commit: CommitSha; readonly file: string },
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  return readLocalFile(repository, { commit, file: RepoPath.parse(file) }, { signal });
}

/** One mirror a repository and folder, so that two reviews of different folders do not wait for each other. */
function mirrorKey(path: string): string {
  const hexStart = 'sha256:'.length;
  return `local-${digestOf(path).slice(hexStart, hexStart + 16)}`;
}
