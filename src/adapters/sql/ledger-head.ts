import { z } from 'zod';
import { Digest } from '../../domain/ids.ts';
import { SallyportError } from '../../errors.ts';
import type { ChainHead } from '../../ledger/chain.ts';
import { wholeNumber } from './row-values.ts';
import type { LedgerHeadRow } from './schema.ts';

const Head = z.strictObject({
  seq: z.int().nonnegative(),
  hash: Digest,
  atMs: z.int().nonnegative(),
});

/** The head of a row of `ledger_head`. @throws SallyportError `ledger.broken` when it is not one */
export function headFrom(row: Omit<LedgerHeadRow, 'id'> | undefined): ChainHead {
  const parsed = Head.safeParse(
    row && { seq: wholeNumber(row.seq), hash: row.hash, atMs: wholeNumber(row.at_ms) },
  );
  if (!parsed.success) throw new SallyportError('ledger.broken', 'the head row is not readable');
  return parsed.data;
}
