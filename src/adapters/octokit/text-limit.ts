import { z } from 'zod';
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

/** Longest title that is read on; GitHub takes 256 characters. */
const maxTitleLength = 1_024;

/** Title and text of a pull request or issue, as anybody wrote them. What is longer than GitHub lets it be is cut. */
export const hostileText = {
  title: z.string().transform((title) => title.slice(0, maxTitleLength).toWellFormed()),
  body: z
    .string()
    .nullish()
    .transform((body) => (body ?? '').slice(0, maxBodyLength).toWellFormed()),
};
