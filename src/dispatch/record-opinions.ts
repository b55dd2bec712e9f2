import type { Digest } from '../domain/ids.ts';
import type { LedgerEvent } from '../domain/ledger-entry.ts';
import type { JudgedFinding, SecondOpinion } from '../domain/second-opinion.ts';
import type { Task } from '../domain/task.ts';
import type { Ledger } from '../ports/ledger.ts';

/** Findings in one row. */
const pageSize = 50;

/** Keeps what both agents said of each finding, and what came of it. */
export async function recordOpinions(
  ledger: Pick<Ledger, 'append'>,
  {
    id: taskId,
    attempt,
    promptDigest,
  }: Pick<Task, 'id' | 'attempt'> & { readonly promptDigest: Digest | null },
  { agent, failure, items }: SecondOpinion,
): Promise<void> {
  const said = { attempt, stage: 'judge', agent, promptDigest };
  const pages = Math.max(1, Math.ceil(items.length / pageSize));
  for (let page = 0; page < pages; page += 1) {
    const judged = items.slice(page * pageSize, (page + 1) * pageSize).map(rowOf);
    await ledger.append({ type: 'findings.judged', taskId, data: { ...said, failure, judged } });
  }
}

function rowOf({
  finding: { tool, rule, severity, path, range, message },
  verdict,
  action,
  reason,
}: JudgedFinding): LedgerEvent['data'] {
  const line = range?.startLine ?? null;
  return { tool, rule, severity, path, line, message, verdict, action, reason };
}
