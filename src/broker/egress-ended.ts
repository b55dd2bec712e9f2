/** Ends one exchange by name. Before anything was sent out it is a denial. Stays within the broker. */
export class EgressEnded extends Error {
  readonly reason: string;
  /** A word for whoever reads the sandbox's log, without anything that the sandbox may not know. */
  readonly advice: string | undefined;

  constructor(reason: string, options: { advice?: string; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.name = 'EgressEnded';
    this.reason = reason;
    this.advice = options.advice;
  }
}
