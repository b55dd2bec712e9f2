import { CredentialName, CredentialWord, leastSecretLength } from '../../domain/credential-word.ts';
import { SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Credentials, SecretProvider } from '../../ports/credentials.ts';
import { outputOf } from './program-output.ts';
import { standInMs, ToldSecrets } from './told-secrets.ts';

/** How long a program may take to tell one secret, ms. */
const patienceMs = 10_000;
/** How long what it told is used without asking again, ms: a new one counts a minute later at most. */
const freshMs = 60_000;
/** How long a failure counts for all that ask, ms: agents ask without end, and each time would be a program. */
const failedMs = 5_000;
const maxBytes = 16 * 1024;

interface Failure {
  readonly cause: unknown;
  readonly atMs: number;
}

/**
 * Secrets that a program of the operator's tells: it gets the name as its last argument and prints the secret, and
 * nothing else, on its stdout. While it fails, what it told last stands in for five minutes.
 */
export class CommandCredentials implements Credentials {
  readonly #argv: readonly string[];
  readonly #clock: Clock;
  readonly #asking = new Map<string, Promise<string>>();
  readonly #failures = new Map<string, Failure>();
  readonly #told: ToldSecrets;

  constructor(argv: readonly string[], clock: Clock) {
    this.#argv = argv;
    this.#clock = clock;
    this.#told = new ToldSecrets(clock);
  }

  get(name: string): SecretProvider | undefined {
    if (!CredentialName.safeParse(name).success) return undefined;
    return () => this.#secretOf(name);
  }

  /** What it has told: nobody can have leaked what nobody asked for. */
  values(): Iterable<SecretProvider> {
    return this.#told.providers();
  }

  async #secretOf(name: string): Promise<string> {
    const last = this.#told.last(name);
    if (last !== undefined && this.#isWithin(freshMs, last)) return last.secret;
    try {
      return await this.#askOnce(name);
    } catch (error) {
      if (last !== undefined && this.#isWithin(standInMs, last)) return last.secret;
      throw error;
    }
  }

  /** However many want it at a time. */
  async #askOnce(name: string): Promise<string> {
    const failure = this.#failures.get(name);
    if (failure !== undefined && this.#isWithin(failedMs, failure)) throw failure.cause;
    const asking = this.#asking.get(name) ?? this.#ask(name);
    this.#asking.set(name, asking);
    try {
      return await asking;
    } finally {
      this.#asking.delete(name);
    }
  }

  /** @throws SallyportError `config.invalid` that quotes nothing of what the program says */
  async #ask(name: string): Promise<string> {
    try {
      const patience = { clock: this.#clock, patienceMs, maxBytes };
      const secret = secretIn(await outputOf([...this.#argv, name], patience), name);
      this.#told.see(name, secret);
      return secret;
    } catch (cause) {
      this.#failures.set(name, { cause, atMs: this.#clock.nowMs() });
      throw cause;
    }
  }

  #isWithin(ms: number, { atMs }: { readonly atMs: number }): boolean {
    return this.#clock.nowMs() - atMs < ms;
  }
}

function secretIn(output: string | undefined, name: string): string {
  if (output === undefined) throw invalid(`failed for "${name}"`);
  const secret = CredentialWord.safeParse(output.replace(/\r?\n$/, ''));
  if (secret.success) return secret.data;
  throw invalid(`told no secret of one line and ${leastSecretLength} characters for "${name}"`);
}

function invalid(fault: string): SallyportError {
  return new SallyportError(
    'config.invalid',
    `SALLYPORT_CREDENTIALS_COMMAND: the program ${fault}`,
  );
}
