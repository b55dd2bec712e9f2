import { basename } from 'node:path';
import { type Speeches, speechesPath } from '../protocol/containment.ts';
import type { SandboxCase } from './attack-case.ts';
import type { Places } from './egress/egress-seen.ts';

/** The head tree with one more file, in which attempts find what they are to say; as it is where nobody speaks. */
export function headWithSpeeches(
  head: Readonly<Record<string, string>>,
  cases: readonly SandboxCase[],
  places: Places | undefined,
): Readonly<Record<string, string>> {
  const speakers = cases.flatMap(({ id, says }) => (says === undefined ? [] : [{ id, says }]));
  if (places === undefined || speakers.length === 0) return head;
  const speeches: Speeches = Object.fromEntries(
    speakers.map(({ id, says }) => [id, [...says(places)]]),
  );
  return { ...head, [basename(speechesPath)]: JSON.stringify(speeches) };
}
