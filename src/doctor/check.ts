import { SallyportError } from '../errors.ts';
import { plainLine } from '../report/sanitise.ts';

/** What a check found. `note`: works, but the operator should know. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'fault';
  readonly says: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** One thing that an installation needs. */
export interface Check {
  readonly name: string;
  readonly look: () => Promise<Finding> | Finding;
}

/** A check's name and finding, as `--json` prints it. */
export type Checked = Finding & { readonly name: string };

/** Longest line of a finding. */
const maxLine = 300;

/** A finding of *well*. */
export function ok(says: string): Finding {
  return { state: 'ok', says };
}

/** A finding of *works, but*. */
export function note(says: string, mend: string): Finding {
  return { state: 'note', says, mend };
}

/** A finding of *does not work*. */
export function fault(says: string, mend: string): Finding {
  return { state: 'fault', says, mend };
}

/** Runs the checks in order. A check that fails with a coded error is a fault with that error's advice. */
export async function runChecks(
  checks: readonly Check[],
  tell: (checked: Checked) => void,
): Promise<readonly Checked[]> {
  const found: Checked[] = [];
  for (const { name, look } of checks) {
    const checked = { name, ...(await findingOf(look)) };
    tell(checked);
    found.push(checked);
  }
  return found;
}

async function findingOf(look: Check['look']): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof SallyportError)
      return fault(`${error.code}: ${error.message}`, error.advice);
    // What is no coded error is a fault of ours or of the machine; its text may hold anything but its code.
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return fault(`could not be checked: ${code}`, 'Look at the place named, then report this.');
  }
}

const nameWidth = 14;
const words = { ok: 'ok   ', note: 'note ', fault: 'FAULT' };

/** A check for people: one line, and one more where there is something to do. */
export function checkLines({ name, state, says, mend }: Checked): readonly string[] {
  const line = `${words[state]}  ${name.padEnd(nameWidth)} ${plainLine(says, maxLine)}`;
  return mend === undefined ? [line] : [line, `${' '.repeat(nameWidth + 8)}→ ${mend}`];
}
