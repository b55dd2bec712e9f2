import type { AgentEvent } from '../../src/protocol/agent-event.ts';

/** Longest text of an event. */
const maxTextLength = 300;

/** It uses a tool; what for is the first of the usual arguments, or all of them. */
export function toolEvent(name: string, args: unknown): AgentEvent {
  const detail = typeof args === 'string' ? args : detailOf(args);
  // An event's tool has a name, whatever a model made up.
  return { kind: 'tool', name: clip(name, 64) || '?', detail: clip(detail, maxTextLength) };
}

/** What agents call the argument that says what a tool is used for. */
const telling = ['command', 'cmd', 'file_path', 'filePath', 'path', 'pattern'];

function detailOf(args: unknown): string {
  const named = args as Readonly<Record<string, unknown>> | null | undefined;
  const values = telling.map((key) => named?.[key]);
  const found = values.find((value) => typeof value === 'string');
  return found ?? JSON.stringify(args ?? {});
}

type End = Extract<AgentEvent, { readonly kind: 'end' }>;

export function endEvent(how: End['how'], text = ''): AgentEvent {
  return { kind: 'end', how, text: clip(text, maxTextLength) };
}

/** The provider failed; the status is read from the text where an agent tells it nowhere else. */
export function providerError(text: string, status: number | null = statusIn(text)): AgentEvent {
  return { kind: 'provider-error', status, text: clip(text, maxTextLength) };
}

function statusIn(text: string): number | null {
  const [, digits] = /(?:^|status(?: code)?:? )([45]\d\d)\b/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** From US dollars; less than a millionth is nothing. */
export function costEvent(usd: number): AgentEvent {
  return { kind: 'cost', costMicroUsd: Math.max(0, Math.round(usd * 1_000_000)) };
}

function clip(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}
