/** Names that at most one holder has at a time, over all processes. */
export interface LeaseStore {
  /**
   * True when `holder` has the name from now on, until `untilMs`: it was free, the lease of another had run
   * out by `nowMs`, or it was the holder's own. Epoch ms.
   */
  take(lease: {
    readonly name: string;
    readonly holder: string;
    readonly nowMs: number;
    readonly untilMs: number;
  }): Promise<boolean>;
  /** Frees the name, if the holder still has it. */
  release(name: string, holder: string): Promise<void>;
}
