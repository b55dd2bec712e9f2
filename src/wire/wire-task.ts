import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import type { Limits } from '../domain/limits.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { ModelBudget } from '../protocol/model-budget.ts';

/** What one wire serves. */
export type WireTask = {
  /** The input bundle; asked for at most once. */
  readonly bundle: () => Readable;
  readonly limits: Limits;
  /** Goes with the input, for the agent's environment. */
  readonly canary?: string | undefined;
  /** Goes with the input: what the agent gives for a key where it asks a model. */
  readonly modelKey?: string | undefined;
  /** Goes with the input, for the agent to know. */
  readonly budget?: ModelBudget | undefined;
  /** Called in order; the sandbox waits for its promise. A rejection ends the wire. */
  readonly onEvent: (event: SandboxEvent) => void | Promise<void>;
  /** Ends the wire; its reason is what `serveWire` rejects with. */
  readonly signal: AbortSignal;
  /** Answers requests to anything but the control plane. Absent: each is answered 403. */
  readonly onEgress?: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
};
