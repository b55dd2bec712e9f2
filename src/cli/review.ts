import { resolveLocalRef } from '../adapters/git/local-ref.ts';
import { openSqliteStore } from '../adapters/sql/open-sqlite-store.ts';
import { readConfig } from '../config.ts';
import { type AgentRun, type AgentVerdict, runAgent } from '../dispatch/run-agent.ts';
import { digestOf, taskIdFor } from '../domain/ids.ts';
import { SallyportError } from '../errors.ts';
import { conclude } from '../report/conclude.ts';
import { renderLocal } from '../report/local.ts';
import { systemClock } from '../system-clock.ts';
import { loadPolicy, openRunner } from '../wiring.ts';
import { ProgressLine } from './progress-line.ts';
import { type ReviewOptions, readReviewOptions } from './review-options.ts';

type LocalOutcome = Extract<AgentVerdict, { status: 'outcome' }>;

/**
 * Reviews a local repository with the same input, sandbox and checks as on GitHub. The repository is only
 * read: with `--fix` the patch is printed, not applied. Resolves with 1 when findings reach the failing
 * level, else 0. @throws SallyportError with what to do
 */
export async function reviewCommand(args: readonly string[]): Promise<number> {
  const options = readReviewOptions(args);
  const config = readConfig();
  const loaded = loadPolicy(config.policyFile).policy;
  const policy = { ...loaded, runtime: options.runtime ?? loaded.runtime };
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  const progress = new ProgressLine(process.stderr);
  try {
    const verdict = await run(options, {
      policy,
      image: config.workerImage,
      ownerId: `local-${process.pid}`,
      signal: stop.signal,
      onEvent: (event) => progress.show(event),
      onPrepared: async () => progress.say('starting the sandbox'),
    });
    progress.clear();
    await print(options, verdict);
    return conclude(policy, verdict.outcome) === 'failure' ? 1 : 0;
  } finally {
    progress.clear();
    process.off('SIGINT', interrupt);
  }
}

async function run(
  options: ReviewOptions,
  parts: Omit<AgentRun, 'task' | 'location'>,
): Promise<LocalOutcome> {
  const { path } = options;
  const headSha = await resolveLocalRef(path, options.head);
  const baseSha = await resolveLocalRef(path, options.base);
  const kind = options.fix ? 'fix' : 'review';
  const id = taskIdFor(`${path} ${process.pid}`, kind);
  const store = await openSqliteStore({ file: ':memory:', clock: systemClock });
  const { source, sandbox } = openRunner(readConfig());
  try {
    const verdict = await runAgent(
      { source, sandbox, artifacts: store.artifacts, clock: systemClock },
      {
        ...parts,
        task: { id, kind, headSha, baseSha, instructions: null },
        location: { mirrorKey: mirrorKey(path), url: path, token: null },
      },
    );
    if (verdict.status === 'outcome') return verdict;
    throw new SallyportError('wire.failed', `the run ended without a result: ${verdict.reason}`);
  } finally {
    await store.close();
  }
}

async function print(options: ReviewOptions, verdict: LocalOutcome): Promise<void> {
  const { outcome, files } = verdict;
  const { stdout } = process;
  const text = renderLocal({
    format: options.format,
    outcome,
    files,
    sources: await sourcesOf(verdict),
    showPatch: options.fix,
    isColoured: stdout.isTTY && stdout.hasColors(),
  });
  // Waits until a pipe has taken everything: the process may end right after.
  await new Promise<void>((resolve) => void stdout.write(text, () => resolve()));
}

/** Head bytes of the files that findings are about. */
async function sourcesOf({ outcome, snapshot }: LocalOutcome): Promise<Map<string, Uint8Array>> {
  const sources = new Map<string, Uint8Array>();
  for (const path of new Set(outcome.findings.map((finding) => finding.path))) {
    const file = await snapshot.readHead(path);
    if (file !== undefined) sources.set(path, file.bytes);
  }
  return sources;
}

/** One mirror a repository and folder, so that two reviews of different folders do not wait for each other. */
function mirrorKey(path: string): string {
  const hexStart = 'sha256:'.length;
  return `local-${digestOf(path).slice(hexStart, hexStart + 16)}`;
}
