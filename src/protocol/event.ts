import { z } from 'zod';
import { AgentEvent } from './agent-event.ts';
import { ExecEvents } from './exec-record.ts';
import { UsageEvents } from './usage.ts';

/** Phases that the supervisor reports, in order. */
const Phase = z.enum(['unpacking', 'running', 'collecting']);
export type Phase = z.infer<typeof Phase>;

/** One line of the body of `POST /v1/events` (newline-delimited JSON). Text is hostile. */
export const SandboxEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('phase'), phase: Phase }),
  z.strictObject({ type: z.literal('progress'), text: z.string().max(300) }),
  z.strictObject({ type: z.literal('agent'), event: AgentEvent }),
  z.strictObject({
    type: z.literal('log'),
    stream: z.enum(['stdout', 'stderr']),
    text: z.string().max(16_384),
  }),
  ...ExecEvents,
  ...UsageEvents,
]);
export type SandboxEvent = z.infer<typeof SandboxEvent>;

/** Most bytes on the wire of all that one agent says of its work: `progress` and `agent` events but its ends. */
export const maxSaidBytes = 512 * 1024;

/** The same of its ends, so that no flood of words drowns the last one. */
export const maxEndBytes = 16 * 1024;

/** Of an event and its line's end. */
export function bytesOnWire(event: SandboxEvent): number {
  return Buffer.byteLength(JSON.stringify(event)) + 1;
}
