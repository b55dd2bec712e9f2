import { verifyLedger } from '../../ledger/verify.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { type Finding, fault, note, ok } from '../check.ts';

/** Above this `sallyport ledger verify` is asked for it instead: a few seconds' worth of rows. */
const mostRows = 100_000;

/** Does the ledger hold? Reads all of it, unless it is long. */
export async function judgeLedger(ledger: Ledger): Promise<Finding> {
  const { seq } = await ledger.head();
  if (seq > mostRows) return note(`${seq} rows, not read here`, 'Run sallyport ledger verify.');
  const verification = await verifyLedger(ledger.read(1));
  if (verification.verified) return ok(`${verification.events} rows, every one in its chain`);
  const [first] = verification.faults;
  return fault(
    `row ${first?.seq}: ${first?.kind}`,
    'Keep the file as it is and find out who wrote to it.',
  );
}
