import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskKind } from '../../../src/domain/task.ts';
import { execWithin } from './exec.ts';
import type { LintContext } from './linter.ts';

/** One process may take a twentieth of the agent's time, within these bounds. */
const processShare = 0.05;
const processBoundsMs = { least: 5_000, most: 60_000 };
const maxOutputBytes = 32 * 1024 * 1024;

/** Of the agent's time: all of the work together, and any one linter's turn. The rest is for writing the report. */
const workShare = 0.8;
const turnShare = 0.3;

/** Where a run works and how long it may. `nowMs` is any clock that does not run backwards. */
export type WorkplaceOptions = {
  readonly workspace: string;
  readonly scratch: string;
  readonly toolPath: string;
  readonly kind: TaskKind;
  readonly agentMs: number;
  readonly nowMs: () => number;
};

/** Hands out one `LintContext` a turn: its own time budget, its own scratch folder. */
export type Workplace = (linterName: string) => Promise<LintContext>;

/** A `Workplace` whose turns all end before the agent's time does. */
export function workplace(options: WorkplaceOptions): Workplace {
  const { nowMs, agentMs } = options;
  const { least, most } = processBoundsMs;
  const timeoutMs = Math.min(Math.max(agentMs * processShare, least), most);
  const endMs = nowMs() + agentMs * workShare;
  return async (linterName) => {
    const turnEndMs = Math.min(endMs, nowMs() + agentMs * turnShare);
    const scratch = join(options.scratch, linterName);
    await mkdir(scratch, { recursive: true });
    const exec = execWithin({
      toolPath: options.toolPath,
      home: scratch,
      timeoutMs,
      remainingMs: () => turnEndMs - nowMs(),
      maxOutputBytes,
    });
    return { workspace: options.workspace, scratch, kind: options.kind, exec };
  };
}
