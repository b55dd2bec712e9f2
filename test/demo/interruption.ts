import { constants } from 'node:os';

/** What may end the demo early: Ctrl-C, `kill`, a terminal that is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Says when the demo is to end early, and with which exit code. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** 128 + the signal's number, as shells have it (130 for Ctrl-C); undefined until it came. */
  readonly exitCode: number | undefined;
}

/**
 * From now on a signal aborts instead of ending the process, so that everything is removed first. Handlers
 * stay: one Ctrl-C arrives several times, from the terminal and from each npm script in between.
 */
export function onInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const interrupt = (name: (typeof signals)[number] | 'SIGPIPE'): void => {
    exitCode ??= 128 + constants.signals[name];
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  // `npm run demo | head` closes our output: nobody looks any more.
  process.stdout.on('error', () => interrupt('SIGPIPE'));
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
  };
}
