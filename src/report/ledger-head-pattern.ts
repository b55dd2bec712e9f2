import type { LedgerHead } from '../domain/ledger-entry.ts';

/**
 * Finds the ledger's head in a check run's summary; group 1 is `seq:hash`, e.g. `12:sha256:ab…`.
 * The line is Sallyport's own: text from a sandbox never starts a line there.
 */
export const ledgerHeadPattern = /^- Ledger head: `(\d+:sha256:[0-9a-f]{64})`$/m;

/** The line that `ledgerHeadPattern` reads back. */
export function ledgerHeadLine(head: LedgerHead): string {
  return `- Ledger head: \`${head.seq}:${head.hash}\``;
}
