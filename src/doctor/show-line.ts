import type { SandboxEvent } from '../protocol/event.ts';
import { plainLine } from '../report/sanitise.ts';

/** As long as a line of a sandbox's log is shown. */
const maxLine = 300;

/** A sandbox's log line as terminals and pages show it. */
export function showLine(event: SandboxEvent): string {
  return event.type === 'log' ? plainLine(event.text, maxLine) : '';
}
