import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { CredentialName, CredentialWord, leastSecretLength } from '../../domain/credential-word.ts';
import { SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Credentials, SecretProvider } from '../../ports/credentials.ts';
import { standInMs, ToldSecrets } from './told-secrets.ts';

const Secrets = z.record(CredentialName, CredentialWord);
type Secrets = z.infer<typeof Secrets>;

const maxBytes = 1024 * 1024;

/**
 * The secrets of a file `name: secret` in YAML or JSON, by name. It is read again whenever one is asked for: a new
 * secret, and a new name, counts at once. What it had is looked for on, for a day. Refuses a file that anybody but its
 * owner may read or write.
 * @throws SallyportError `config.invalid` that quotes nothing of the file
 */
export function openCredentialFile(path: string, clock: Clock): Credentials {
  const file = new CredentialFile(path, clock);
  file.read();
  return file;
}

class CredentialFile implements Credentials {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #told: ToldSecrets;
  #good: { readonly secrets: Secrets; readonly atMs: number } | undefined;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
    this.#told = new ToldSecrets(clock);
  }

  get(name: string): SecretProvider | undefined {
    return Object.hasOwn(this.read(), name) ? () => this.#secretOf(name) : undefined;
  }

  /** What it has, and had within a day. */
  values(): Iterable<SecretProvider> {
    this.read();
    return this.#told.providers();
  }

  /** Half of it may be written at this moment: what it had before stands in for five minutes. */
  read(): Secrets {
    const text = readPrivate(this.#path);
    try {
      const secrets = secretsIn(text);
      for (const [name, secret] of Object.entries(secrets)) this.#told.see(name, secret);
      this.#good = { secrets, atMs: this.#clock.nowMs() };
    } catch (error) {
      const isOver = this.#clock.nowMs() - (this.#good?.atMs ?? -Infinity) >= standInMs;
      if (isOver) throw error;
    }
    return this.#good?.secrets ?? {};
  }

  #secretOf(name: string): string {
    const secret = this.read()[name];
    if (secret === undefined) throw invalid(`has no "${name}" any more`);
    return secret;
  }
}

function secretsIn(text: string): Secrets {
  const document = parseDocument(text, { uniqueKeys: true });
  const plain = document.errors.length === 0 ? plainOf(document) : undefined;
  // No cause: the parser's messages quote the line that they stumble over.
  if (plain === undefined) throw invalid('is neither YAML nor JSON, or has aliases');
  const parsed = Secrets.safeParse(plain);
  if (parsed.success) return parsed.data;
  throw invalid(
    `must map names like \`anthropic\` to secrets of one line and ${leastSecretLength} characters`,
  );
}

/** Undefined where it has aliases: a secret that begins with `*` is one unless it is quoted. */
function plainOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
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
