import { execFile } from 'node:child_process';
import { CredentialName, CredentialWord, leastSecretLength } from '../../domain/credential-word.ts';
import { SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Credentials, SecretProvider } from '../../ports/credentials.ts';

/** How long a program may take to tell one secret, ms. */
const patienceMs = 10_000;
/** How long what it told is used without asking again, ms: a new one counts a minute later at most. */
const freshMs = 60_000;
/** How long what was in use is looked for in what comes out of sandboxes, ms: longer than any run. */
const rememberedMs = 86_400_000;
const maxBytes = 16 * 1024;

interface Told {
  readonly secret: string;
  readonly atMs: number;
}

/**
 * Secrets that a program of the operator's tells: it gets the name as its last argument and prints the secret, and
 * nothing else, on its stdout. No shell reads the line. What it prints besides is dropped unread.
 */
export class CommandCredentials implements Credentials {
  readonly #argv: readonly string[];
  readonly #clock: Clock;
  readonly #asking = new Map<string, Promise<string>>();
  #told = new Map<string, readonly Told[]>();

  constructor(argv: readonly string[], clock: Clock) {
    this.#argv = argv;
    this.#clock = clock;
  }

  get(name: string): SecretProvider | undefined {
    if (!CredentialName.safeParse(name).success) return undefined;
    return () => this.#secretOf(name);
  }

  /** What it has told: nobody can have leaked what nobody asked for. */
  values(): Iterable<SecretProvider> {
    const since = this.#clock.nowMs() - rememberedMs;
    return [...this.#told.values()]
      .flat()
      .filter(({ atMs }) => atMs >= since)
      .map(
        ({ secret }) =>
          () =>
            secret,
      );
  }

  async #secretOf(name: string): Promise<string> {
    const last = this.#told.get(name)?.at(-1);
    if (last !== undefined && this.#clock.nowMs() - last.atMs < freshMs) return last.secret;
    const asking = this.#asking.get(name) ?? this.#ask(name);
    this.#asking.set(name, asking);
    try {
      return await asking;
    } finally {
      this.#asking.delete(name);
    }
  }

  async #ask(name: string): Promise<string> {
    const secret = await run([...this.#argv, name]);
    const atMs = this.#clock.nowMs();
    const before = (this.#told.get(name) ?? []).filter(
      (one) => one.secret !== secret && one.atMs >= atMs - rememberedMs,
    );
    this.#told.set(name, [...before, { secret, atMs }]);
    return secret;
  }
}

/** @throws SallyportError `config.invalid` that quotes nothing of what the program says */
function run([program = '', ...args]: readonly string[]): Promise<string> {
  const options = { timeout: patienceMs, killSignal: 'SIGKILL', maxBuffer: maxBytes } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...options, encoding: 'utf8' }, (error, stdout) => {
      const secret = CredentialWord.safeParse(stdout.replace(/\r?\n$/, ''));
      if (error !== null) reject(invalid(`failed for "${args.at(-1)}"`));
      else if (!secret.success)
        reject(
          invalid(
            `told no secret of one line and ${leastSecretLength} characters for "${args.at(-1)}"`,
          ),
        );
      else resolve(secret.data);
    });
    child.stdin?.on('error', () => undefined).end();
  });
}

function invalid(fault: string): SallyportError {
  return new SallyportError(
    'config.invalid',
    `SALLYPORT_CREDENTIALS_COMMAND: the program ${fault}`,
  );
}
