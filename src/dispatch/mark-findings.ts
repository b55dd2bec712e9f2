import { setImmediate } from 'node:timers/promises';
import type { Finding } from '../domain/finding.ts';
import type { Marks } from '../domain/finding-record.ts';
import { marksOf } from '../domain/fingerprint.ts';
import type { PristineTexts } from './pristine-texts.ts';

/**
 * What each finding is known again by, in their order. One in a file that is no text, or past what is read for one
 * report, is known by its message. Others get their turn between two findings.
 */
export async function markFindings(
  texts: PristineTexts,
  findings: readonly Finding[],
): Promise<readonly Marks[]> {
  const marks: Marks[] = [];
  for (const finding of findings) {
    await setImmediate();
    const text = finding.range === undefined ? undefined : await texts.read(finding.path);
    marks.push(marksOf(finding, text?.lines));
  }
  return marks;
}
