import type { CheckAnnotation, CheckOutput } from '../ports/check-runs.ts';
import type { ReviewComment } from '../ports/github.ts';
import { findShownSecret } from './secret-scan.ts';

const notice =
  'Withheld: there was a secret in this text. The ledger says by which rule it was found.';

/** Our own marks, by which a comment is found again. No secret has this form. */
const ownMark = /<!-- sallyport:[a-z]{1,12}(?::[a-z0-9]{1,32}){1,3} -->/g;

/**
 * Looks at the texts of one request to GitHub, and puts a notice in the place of each that has a secret in it.
 * Everything else of the request stays as it is: a check is concluded whatever its text says.
 */
export class Withholder {
  readonly #own: readonly string[];
  /** The rule that found the first one; undefined while there is none. Never the secret. */
  rule: string | undefined;

  /** @param own the control plane's own secrets, by value */
  constructor(own: readonly string[]) {
    this.#own = own;
  }

  /** Is there a secret in any of these? */
  has(...texts: readonly string[]): boolean {
    const found = texts
      .map((text) => findShownSecret(text, { canary: null, own: this.#own }))
      .find((rule) => rule !== undefined);
    this.rule ??= found;
    return found !== undefined;
  }

  /** The text, or the notice with the marks that the text had: one that it begins with is looked for there. */
  text(text: string): string {
    if (!this.has(text)) return text;
    const [first = '', ...rest] = text.match(ownMark) ?? [];
    const isAtStart = first !== '' && text.startsWith(first);
    const parts = isAtStart ? [first, notice, ...rest] : [notice, first, ...rest];
    return parts.filter((part) => part !== '').join('\n\n');
  }

  output({ title, summary, text }: CheckOutput): CheckOutput {
    return {
      title: this.has(title) ? 'Withheld' : title,
      summary: this.text(summary),
      ...(text === undefined ? {} : { text: this.text(text) }),
    };
  }

  /** One whose path has a secret is left out: there is no other place for it. */
  annotations(annotations: readonly CheckAnnotation[]): readonly CheckAnnotation[] {
    return annotations
      .filter(({ path }) => !this.has(path))
      .map((one) =>
        this.has(one.title, one.message) ? { ...one, title: 'Withheld', message: notice } : one,
      );
  }

  /** A suggestion cannot be half of one: such a comment is left out. */
  comments(comments: readonly ReviewComment[]): readonly ReviewComment[] {
    return comments.filter(({ path, body }) => !this.has(path, body));
  }
}
