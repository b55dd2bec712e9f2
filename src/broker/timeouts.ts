/** How long the broker waits, in milliseconds. */
export interface Timeouts {
  /** For the whole ClientHello of a tunnel. */
  readonly helloMs: number;
  readonly resolveMs: number;
  /** For one connection, TLS included. */
  readonly connectMs: number;
  /** Between two pieces, in either direction, of a request, an answer or a tunnel. */
  readonly idleMs: number;
  /** The same for a model, which may think for long before its first word. */
  readonly modelIdleMs: number;
}

/** What holds unless a caller says otherwise. */
export const defaultTimeouts: Timeouts = {
  helloMs: 5_000,
  resolveMs: 5_000,
  connectMs: 10_000,
  idleMs: 60_000,
  modelIdleMs: 300_000,
};
