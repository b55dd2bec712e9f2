import { z } from 'zod';
import { broken, held, type Observed, type Verdict } from './attack-case.ts';

const Answers = z.record(z.string(), z.string());

/** What counts as a refusal. */
export interface Refusals {
  /** Error codes that are the refusal meant; any other answer is a breach. */
  readonly codes: readonly string[];
  /** Under gVisor: names whose grant is its own kernel's, inside the sandbox, and leads nowhere. */
  readonly guestGrants?: readonly string[];
  /** How many answers there must be; fewer means that the attempt did not try everything. */
  readonly atLeast: number;
}

/**
 * Judges a map of what was asked to what was answered. Under runc only the codes given are a refusal;
 * under gVisor, which answers from a kernel of its own, any error is.
 */
export function judgeAnswers(observed: Observed, refusals: Refusals, field = 'answers'): Verdict {
  const answers = Answers.safeParse(observed.facts[field]);
  if (!answers.success) return broken('the attempt gave no answers');
  const entries = Object.entries(answers.data);
  if (entries.length < refusals.atLeast)
    return broken(`only ${entries.length} of ${refusals.atLeast} attempts were made`);
  const breaches = entries.filter((entry) => !isRefused(entry, observed, refusals));
  if (breaches.length > 0) return broken(list(breaches));
  return held(summary(entries));
}

function isRefused(
  [name, answer]: readonly [string, string],
  { runtime }: Observed,
  { codes, guestGrants = [] }: Refusals,
): boolean {
  if (codes.includes(answer)) return true;
  if (runtime !== 'runsc') return false;
  return /^E[A-Z0-9]+$/.test(answer) || (answer === 'granted' && guestGrants.includes(name));
}

const mostListed = 6;

function list(entries: readonly (readonly [string, string])[]): string {
  const shown = entries.slice(0, mostListed).map(([name, answer]) => `${name}: ${answer}`);
  const rest = entries.length - shown.length;
  return shown.join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}

/** `5 × EPERM, 1 × ENOSYS`; what a guest kernel granted is named. */
function summary(entries: readonly (readonly [string, string])[]): string {
  const counts = new Map<string, number>();
  for (const [, answer] of entries) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const granted = entries.filter(([, answer]) => answer === 'granted').map(([name]) => name);
  const note =
    granted.length === 0 ? '' : ` (granted by the guest kernel alone: ${granted.join(', ')})`;
  return [...counts].map(([answer, count]) => `${count} × ${answer}`).join(', ') + note;
}
