/** What the benchmark's agent is told to do, as the task's instructions in JSON. */
export type Order =
  | { readonly kind: 'nothing' }
  /** Starts as many processes, one after the other, as a build does. */
  | { readonly kind: 'processes'; readonly program: 'build' | 'bare'; readonly count: number }
  | RequestsOrder;

/** Asks for `url` again and again on kept connections. */
export interface RequestsOrder {
  readonly kind: 'requests';
  readonly url: string;
  /** Where the proxy is; null: straight to the server. */
  readonly proxyPort: number | null;
  readonly count: number;
  /** Connections, with one request under way on each. */
  readonly connections: number;
}

/** What a client says of its requests. */
export interface RequestsTold {
  /** Median time of one request, from its first byte out to the last of its answer. */
  readonly medianMs: number;
  readonly requestsPerSecond: number;
  readonly megabytesPerSecond: number;
}
