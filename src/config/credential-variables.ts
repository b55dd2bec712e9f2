import { z } from 'zod';
import { CredentialName, CredentialWord, leastSecretLength } from '../domain/credential-word.ts';
import { SallyportError } from '../errors.ts';

const prefix = 'SALLYPORT_CREDENTIAL_';

interface Given {
  readonly variable: string;
  readonly name: string;
  readonly secret: string;
}

/**
 * Secrets that stand in the environment itself, by the names that rules and routes use:
 * `SALLYPORT_CREDENTIAL_LOCAL_2` is `local-2`.
 * @throws SallyportError `config.invalid`, naming every variable at fault but never its value
 */
export function credentialsIn(
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const given = Object.entries(env).flatMap(([variable, secret]): Given[] =>
    variable.startsWith(prefix) && secret !== undefined
      ? [{ variable, secret, name: nameOf(variable) }]
      : [],
  );
  const faults = given.flatMap((one) => faultOf(one, given) ?? []);
  if (faults.length > 0) throw new SallyportError('config.invalid', faults.join('\n'));
  return new Map(given.map(({ name, secret }) => [name, secret]));
}

function faultOf({ variable, name, secret }: Given, all: readonly Given[]): string | undefined {
  if (!CredentialName.safeParse(name).success || !CredentialWord.safeParse(secret).success)
    return `${variable}: must be a secret of one line and ${leastSecretLength} characters or more`;
  return all.some((other) => other.name === name && other.variable !== variable)
    ? `${variable}: is "${name}", as another variable is too`
    : undefined;
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
