import { parseArgs } from 'node:util';
import { canonicalJson } from '../domain/canonical-json.ts';
import { Digest, TaskId } from '../domain/ids.ts';
import { type LedgerEntry, LedgerHead } from '../domain/ledger-entry.ts';
import { hasCode } from '../errors.ts';
import { type Verification, verifyLedger } from '../ledger/verify.ts';
import type { Ledger } from '../ports/ledger.ts';

/** What the command works on; `write` and `writeError` take whole lines without their end. */
export interface LedgerCommandDeps {
  readonly ledger: Ledger;
  readonly write: (line: string) => void;
  readonly writeError: (line: string) => void;
}

const USAGE = `usage: sallyport ledger verify [--task ID] [--head SEQ:HASH]... [--json]
       sallyport ledger export [--task ID]`;

/** C1 controls, line separators and bidirectional overrides: a terminal obeys them, JSON does not escape them. */
const TERMINAL_CODES = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

interface Options {
  readonly action: 'verify' | 'export';
  readonly taskId: TaskId | undefined;
  readonly heads: readonly LedgerHead[];
  readonly json: boolean;
}

function headFrom(text: string): LedgerHead | undefined {
  // `SEQ:HASH` as a check run's summary has it; the hash may come with or without its `sha256:`.
  const [, seq, hex] = /^(\d{1,15}):(?:sha256:)?([0-9a-f]{64})$/.exec(text) ?? [];
  const head = { seq: Number(seq), hash: Digest.safeParse(`sha256:${hex}`).data };
  return LedgerHead.safeParse(head).data;
}

function parse(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      task: { type: 'string' },
      head: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  });
  const [action, ...rest] = positionals;
  if ((action !== 'verify' && action !== 'export') || rest.length > 0) return undefined;
  if (action === 'export' && (values.json || values.head.length > 0)) return undefined;
  const taskId = values.task === undefined ? undefined : TaskId.safeParse(values.task).data;
  const heads = values.head.map(headFrom);
  // A head that cannot be read is not checked: say so rather than report success without it.
  if (taskId === undefined && values.task !== undefined) return undefined;
  if (!heads.every((head) => head !== undefined)) return undefined;
  return { action, taskId, heads, json: values.json };
}

function optionsFrom(args: readonly string[]): Options | undefined {
  try {
    return parse(args);
  } catch (error) {
    // `parseArgs` throws a TypeError at an unknown option or a missing value.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function sentences(result: Verification): readonly string[] {
  if (!result.verified) {
    return [
      `The ledger does NOT verify: ${result.faults.length} fault(s).`,
      ...result.faults.map((fault) => `row ${fault.seq}: ${fault.kind}: ${fault.detail}`),
    ];
  }
  const { seq, hash } = result.head;
  return [`The ledger verifies: ${result.events} event(s), head ${seq}:${hash}`];
}

async function verify(options: Options, deps: LedgerCommandDeps): Promise<number> {
  // Read the head first: rows that are appended meanwhile come after it.
  const expectedHeads = [await deps.ledger.head(), ...options.heads];
  const { taskId } = options;
  const result = await verifyLedger(deps.ledger.read(1), {
    expectedHeads,
    ...(taskId && { taskId }),
  });
  const lines = options.json ? [JSON.stringify(result)] : sentences(result);
  for (const line of lines) deps.write(line);
  return result.verified ? 0 : 1;
}

function exported(entry: LedgerEntry): string {
  return canonicalJson(entry).replaceAll(
    TERMINAL_CODES,
    (code) => `\\u${code.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

async function exportRows({ taskId }: Options, { ledger, write }: LedgerCommandDeps) {
  for await (const entry of ledger.read(1)) {
    if (taskId === undefined || entry.taskId === taskId) write(exported(entry));
  }
  return 0;
}

/**
 * `sallyport ledger verify` and `sallyport ledger export` (JSON lines, one row each).
 * Resolves to the exit code: 0 verified or exported, 1 broken, 2 wrong usage.
 * @throws SallyportError `store.unavailable`
 */
export async function ledgerCommand(
  args: readonly string[],
  deps: LedgerCommandDeps,
): Promise<number> {
  const options = optionsFrom(args);
  if (options === undefined) {
    deps.writeError(USAGE);
    return 2;
  }
  try {
    return await (options.action === 'verify' ? verify(options, deps) : exportRows(options, deps));
  } catch (error) {
    if (!hasCode(error, 'ledger.broken')) throw error;
    deps.writeError(`The ledger does NOT verify: ${error.message}`);
    return 1;
  }
}
