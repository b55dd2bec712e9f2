import { SallyportError } from '../../errors.ts';

/** Longest body of a comment or review, in characters: GitHub answers 422 above it (observed, undocumented). */
const maxBodyLength = 65_536;

/**
 * Refuses a body that GitHub would refuse; nothing is cut here.
 * @throws SallyportError `github.rejected`
 */
export function assertBody(body: string): void {
  if (body !== '' && body.length <= maxBodyLength) return;
  throw new SallyportError('github.rejected', 'a body has 1 to 65,536 characters');
}
