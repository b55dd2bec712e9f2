import { z } from 'zod';
import { SallyportError } from '../errors.ts';

const prefix = 'SALLYPORT_CREDENTIAL_';

/** A secret as a header takes it. */
const Word = z.string().regex(/^[\x21-\x7e]{1,4096}$/);

/**
 * Secrets that stand in the environment itself, by the names that rules and routes use:
 * `SALLYPORT_CREDENTIAL_LOCAL_2` is `local-2`.
 * @throws SallyportError `config.invalid`, naming every variable at fault but never its value
 */
export function credentialsIn(
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const given = Object.entries(env).flatMap(([variable, secret]) =>
    variable.startsWith(prefix) && secret !== undefined ? [{ variable, secret }] : [],
  );
  const faults = given.filter(({ variable, secret }) => !isGood(variable, secret));
  if (faults.length > 0)
    throw new SallyportError(
      'config.invalid',
      faults.map(({ variable }) => `${variable}: must be a secret of one line`).join('\n'),
    );
  return new Map(given.map(({ variable, secret }) => [nameOf(variable), secret]));
}

function isGood(variable: string, secret: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(nameOf(variable)) && Word.safeParse(secret).success;
}

function nameOf(variable: string): string {
  return variable.slice(prefix.length).toLowerCase().replaceAll('_', '-');
}

/** A program with its arguments, as a list in JSON: no shell takes it apart. */
export const CommandLine = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a list in JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(z.string().min(1)).min(1));
