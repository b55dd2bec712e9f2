/** Ends one exchange by name. Before anything was sent out it is a denial. Stays within the broker. */
export class EgressEnded extends Error {
  readonly reason: string;

  constructor(reason: string, options?: { readonly cause?: unknown }) {
    super(reason, options);
    this.name = 'EgressEnded';
    this.reason = reason;
  }
}
