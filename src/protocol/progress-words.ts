import type { SandboxEvent } from './event.ts';

/**
 * What an event says of how far an agent is, for people: its own word, or the tool that it uses. Undefined where it
 * says nothing of that. Hostile text of at most 400 UTF-16 units.
 */
export function progressWords(event: SandboxEvent): string | undefined {
  if (event.type === 'progress') return event.text;
  if (event.type !== 'agent' || event.event.kind !== 'tool') return undefined;
  const { name, detail } = event.event;
  return detail === '' ? name : `${name}: ${detail}`;
}
