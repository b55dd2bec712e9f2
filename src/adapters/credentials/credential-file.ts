import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { SallyportError } from '../../errors.ts';

/** Names as rules and routes have them; secrets as a header takes them. */
const Credentials = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  z.string().regex(/^[\x21-\x7e]{1,4096}$/),
);

const maxBytes = 1024 * 1024;

/**
 * The secrets of a file `name: secret` in YAML or JSON, by name. Each is read again when it is asked for: a
 * new one counts at once, and none is kept. Refuses a file that anybody but its owner may read or write.
 * @throws SallyportError `config.invalid` that quotes nothing of the file
 */
export function openCredentialFile(path: string): ReadonlyMap<string, () => string> {
  const secretOf = (name: string) => (): string => {
    const secret = readCredentials(path)[name];
    if (secret === undefined) throw invalid(`has no "${name}" any more`);
    return secret;
  };
  return new Map(Object.keys(readCredentials(path)).map((name) => [name, secretOf(name)]));
}

function readCredentials(path: string): z.infer<typeof Credentials> {
  // No cause: the parsers' messages quote the line that they stumble over.
  const document = parseDocument(readPrivate(path), { uniqueKeys: true });
  if (document.errors.length > 0) throw invalid('is neither YAML nor JSON');
  const parsed = Credentials.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) throw invalid('must map names like `anthropic` to secrets of one line');
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
