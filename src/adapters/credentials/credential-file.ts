import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { CredentialName, CredentialWord, leastSecretLength } from '../../domain/credential-word.ts';
import { SallyportError } from '../../errors.ts';
import type { Credentials } from '../../ports/credentials.ts';

const File = z.record(CredentialName, CredentialWord);

const maxBytes = 1024 * 1024;

/**
 * The secrets of a file `name: secret` in YAML or JSON, by name. It is read again whenever one is asked for: a new
 * secret, and a new name, counts at once, and none is kept. Refuses a file that anybody but its owner may read or
 * write.
 * @throws SallyportError `config.invalid` that quotes nothing of the file
 */
export function openCredentialFile(path: string): Credentials {
  const secretOf = (name: string) => (): string => {
    const secret = readCredentials(path)[name];
    if (secret === undefined) throw invalid(`has no "${name}" any more`);
    return secret;
  };
  readCredentials(path);
  return {
    get: (name) => (Object.hasOwn(readCredentials(path), name) ? secretOf(name) : undefined),
    values: () => Object.keys(readCredentials(path)).map(secretOf),
  };
}

function readCredentials(path: string): z.infer<typeof File> {
  // No cause: the parsers' messages quote the line that they stumble over.
  const document = parseDocument(readPrivate(path), { uniqueKeys: true });
  if (document.errors.length > 0) throw invalid('is neither YAML nor JSON');
  const parsed = File.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success)
    throw invalid(
      `must map names like \`anthropic\` to secrets of one line and ${leastSecretLength} characters`,
    );
  return parsed.data;
}

function readPrivate(path: string): string {
  const file = tryOpen(path);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > maxBytes) throw invalid('must be a small regular file');
    if ((stat.mode & 0o077) !== 0) throw invalid('may be read by others: chmod 600 it');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function tryOpen(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new SallyportError('config.invalid', `${variable}: the file cannot be read`, { cause });
  }
}

const variable = 'SALLYPORT_CREDENTIALS_FILE';

function invalid(fault: string): SallyportError {
  return new SallyportError('config.invalid', `${variable}: the file ${fault}`);
}
