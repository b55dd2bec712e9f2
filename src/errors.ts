/** Every coded error: may it be retried, and what should the operator do? */
const catalogue = {
  'config.invalid': [false, 'Correct the named environment variables and start again.'],
  'policy.no-instructions': [
    false,
    'Name a file of the base branch in `instructions`: UTF-8, at most 16 KiB.',
  ],
  'policy.invalid': [false, 'Correct the policy file at the place named.'],
  'github.unavailable': [true, 'GitHub did not answer properly; the step is tried again.'],
  'github.forbidden': [false, 'Check the permissions of the App and its installation.'],
  'github.not-found': [false, 'The object is gone or the App cannot see it.'],
  'github.rejected': [
    false,
    'GitHub refused the request; this is a fault in Sallyport, report it.',
  ],
  'github.stale-head': [false, 'The branch moved; run the command again on the new head.'],
  'git.failed': [true, 'git could not fetch or read; look at the reason and the disk.'],
  'git.missing-commit': [false, 'The commit is not in the repository; push it or name another.'],
  'git.no-repository': [false, 'Name the top folder of a git repository, or a bare repository.'],
  'input.too-large': [false, 'The repository is larger than the policy allows for a task.'],
  'engine.unavailable': [true, 'Start the Docker Engine or correct DOCKER_HOST.'],
  'engine.missing-image': [false, 'Build the worker image with npm run image -- AGENT.'],
  'engine.missing-agent': [
    false,
    'Name an image that has the agent: in the policy, or in SALLYPORT_AGENT_IMAGES.',
  ],
  'engine.missing-runtime': [false, 'Install and register the runtime that the policy names.'],
  'engine.failed': [true, 'The Docker Engine refused a request; look at its log.'],
  'engine.unproven': [
    true,
    'A sandbox of this runtime is not what it should be; see the log and run sallyport doctor.',
  ],
  'queue.unavailable': [true, 'Start Redis or correct REDIS_URL.'],
  'store.unavailable': [true, 'Look at the database named by DATABASE_URL or the data folder.'],
  'store.corrupt': [false, 'A stored row does not match its schema; restore from a backup.'],
  'ledger.broken': [
    false,
    'The ledger does not verify; keep the file and find out who wrote to it.',
  ],
  'result.malformed': [false, 'The sandbox sent something that is not a result; see the task log.'],
  'result.limit': [false, 'The sandbox sent more than the policy allows.'],
  'output.secret': [
    false,
    'A secret was about to be written to GitHub; the ledger has the rule. Take it for known to others.',
  ],
  'wire.failed': [false, 'The sandbox broke the wire protocol or ended early; see the task log.'],
  'usage.invalid': [false, 'See sallyport --help.'],
} as const satisfies Record<string, readonly [boolean, string]>;

/** The code of a `SallyportError`. The list is closed. */
export type ErrorCode = keyof typeof catalogue;

/** A fault with a code from the catalogue; decisions are taken on `code` and `retryable`, never on text. */
export class SallyportError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** One sentence that tells the operator what to do. */
  readonly advice: string;
  /** How long to wait before it is tried again, ms, where the other side said so; a queue counts no attempt then. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number | null } = {},
  ) {
    super(message, options);
    this.name = 'SallyportError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? null;
    [this.retryable, this.advice] = catalogue[code];
  }
}

/** Is `error` a Sallyport fault with this code? */
export function hasCode(error: unknown, code: ErrorCode): error is SallyportError {
  return error instanceof SallyportError && error.code === code;
}

/** Is `error` a word of GitHub's, whichever: refused, gone or not answering? */
export function isFromGitHub(error: unknown): error is SallyportError {
  return error instanceof SallyportError && error.code.startsWith('github.');
}
