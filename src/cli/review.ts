import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveLocalRef } from '../adapters/git/local-ref.ts';
import { openSqliteStore } from '../adapters/sql/open-sqlite-store.ts';
import { readConfig } from '../config.ts';
import { runAgent } from '../dispatch/run-agent.ts';
import { digestOf, taskIdFor } from '../domain/ids.ts';
import { SallyportError } from '../errors.ts';
import type { RuntimeClass } from '../ports/sandbox.ts';
import { conclude } from '../report/conclude.ts';
import { renderLocal } from '../report/local.ts';
import { systemClock } from '../system-clock.ts';
import { loadPolicy, openRunner } from '../wiring.ts';
import { ProgressLine } from './progress-line.ts';

/** What `sallyport review` is asked for. */
interface ReviewOptions {
  readonly path: string;
  readonly base: string;
  readonly head: string;
  readonly fix: boolean;
  readonly format: 'text' | 'json' | 'sarif';
  readonly runtime: RuntimeClass | null;
}

/**
 * Reviews a local repository with the same input, sandbox and checks as on GitHub. The repository is only
 * read: with `--fix` the patch is printed, not applied. Resolves with 1 when findings reach the failing
 * level, else 0. @throws SallyportError with what to do
 */
export async function reviewCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const config = readConfig();
  const { policy } = loadPolicy(config.policyFile);
  const runtime = options.runtime ?? policy.runtime;
  const headSha = await resolveLocalRef(options.path, options.head);
  const baseSha = await resolveLocalRef(options.path, options.base);
  const kind = options.fix ? 'fix' : 'review';
  const store = await openSqliteStore({ file: ':memory:', clock: systemClock });
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  const progress = new ProgressLine(process.stderr);
  try {
    const runner = openRunner(config);
    const verdict = await runAgent(
      { ...runner, artifacts: store.artifacts, clock: systemClock },
      {
        task: {
          id: taskIdFor(`${options.path} ${process.pid}`, kind),
          kind,
          headSha,
          baseSha,
          instructions: null,
        },
        location: { mirrorKey: mirrorKey(options.path), url: options.path, token: null },
        policy: { ...policy, runtime },
        image: config.workerImage,
        ownerId: `local-${process.pid}`,
        signal: stop.signal,
        onEvent: (event) => progress.show(event),
        onPrepared: async () => progress.say('starting the sandbox'),
      },
    );
    progress.clear();
    if (verdict.status !== 'outcome') {
      throw new SallyportError('wire.failed', `the run ended without a result: ${verdict.reason}`);
    }
    const { outcome, files } = verdict;
    const sources = await readSources(verdict);
    const isColoured =
      options.format === 'text' && process.stdout.isTTY && process.stdout.hasColors();
    process.stdout.write(
      renderLocal({
        format: options.format,
        outcome,
        files,
        sources,
        showPatch: options.fix,
        isColoured,
      }),
    );
    return conclude(policy, outcome) === 'failure' ? 1 : 0;
  } finally {
    progress.clear();
    process.off('SIGINT', interrupt);
    await store.close();
  }
}

function mirrorKey(path: string): string {
  return `local-${digestOf(path).slice('sha256:'.length, 'sha256:'.length + 16)}`;
}
