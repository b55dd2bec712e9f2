/** A tool that a scripted model calls, by the name that the agent gave it. */
export interface ToolCall {
  readonly name: string;
  /** JSON of the arguments; the text itself where `isFreeForm`. */
  readonly args: unknown;
  /** Responses only: a tool whose input is a text. */
  readonly isFreeForm?: true;
  /** Responses only: a tool of an MCP server, by the server's name. */
  readonly namespace?: string;
}

/** Tokens as the scripted provider counts them. `input` is without what was cached. */
export interface TurnUsage {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

/** What a model answers one request with. */
export type Answer = { readonly usage?: TurnUsage } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tools'; readonly calls: readonly ToolCall[]; readonly say?: string }
  | { readonly kind: 'refusal'; readonly text: string }
  /** Ended by the ceiling of its length. */
  | { readonly kind: 'truncated'; readonly text: string }
  /** The connection ends in the middle of the stream. */
  | { readonly kind: 'cut'; readonly text: string }
);

/** How the provider fails: before a stream, or, with a status of 200, in the middle of it. */
export interface Failure {
  readonly kind: 'failure';
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One turn of a script. `silence`: the request is never answered. */
export type Turn = Answer | Failure | { readonly kind: 'silence' };

export const plainUsage: TurnUsage = { input: 100, output: 10, cached: 20 };

export const say = (text: string): Turn => ({ kind: 'text', text });
export const call = (...calls: readonly ToolCall[]): Turn => ({ kind: 'tools', calls });
export const refuse = (text: string): Turn => ({ kind: 'refusal', text });
export const fail = (
  status: number,
  type: string,
  headers: Readonly<Record<string, string>> = {},
): Turn => ({ kind: 'failure', status, type, message: `scripted ${type}`, headers });
