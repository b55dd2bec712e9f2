#!/usr/bin/env node
import { doctorCommand } from './cli/doctor.ts';
import { ledgerCommand } from './cli/ledger.ts';
import { policyCommand } from './cli/policy/command.ts';
import { reviewCommand } from './cli/review.ts';
import { usage } from './cli/usage.ts';
import { writeOut } from './cli/write-out.ts';
import { readConfig } from './config.ts';
import { hasCode, SallyportError } from './errors.ts';
import { startRole } from './start.ts';
import { systemClock } from './system-clock.ts';
import { hasStore, openGitHub, openLog, openStore } from './wiring.ts';

/** Exit code of a fault of use, of configuration or of a part that Sallyport needs. */
const exitFault = 2;

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case 'start':
    case 'serve':
    case 'runner':
      return serveUntilSignal(command);
    case 'review':
      return reviewCommand(rest);
    case 'doctor':
      return doctorCommand(rest);
    case 'ledger':
      return withLedger(rest);
    case 'policy':
      return withPolicies(rest);
    case undefined:
    case 'help':
    case '--help':
      process.stdout.write(usage);
      return 0;
    default:
      throw new SallyportError('usage.invalid', `there is no command ${JSON.stringify(command)}`);
  }
}

async function serveUntilSignal(role: 'start' | 'serve' | 'runner'): Promise<number> {
  const config = readConfig();
  const log = openLog(config);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopped.resolve());
  const started = await startRole(config, role, log);
  log.info({ role, url: started.url }, 'started');
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  await stopped.promise;
  clearInterval(keepAlive);
  log.info({ role }, 'stopping');
  await started.stop();
  return 0;
}

async function withLedger(args: readonly string[]): Promise<number> {
  const config = readConfig();
  // Opening would create an empty ledger, which verifies: a deleted record must not pass for a sound one.
  if (!hasStore(config)) {
    throw new SallyportError('store.unavailable', `there is no record in ${config.dataDir}`);
  }
  const store = await openStore(config, systemClock);
  try {
    return await ledgerCommand(args, {
      ledger: store.ledger,
      write: (line) => void process.stdout.write(`${line}\n`),
      writeError: (line) => void process.stderr.write(`${line}\n`),
    });
  } finally {
    await store.close();
  }
}

async function withPolicies(args: readonly string[]): Promise<number> {
  const config = readConfig();
  const texts: string[] = [];
  const code = await policyCommand(args, {
    ...config,
    appId: config.app?.appId ?? null,
    // What the command prints is for a program as often as for people: no log in between.
    github: () => openGitHub(config, openLog({ ...config, logLevel: 'silent' })),
    write: (text) => void texts.push(text),
  });
  await writeOut(process.stdout, texts.join(''));
  return code;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // The one place that ends the process on a fault: a sentence for the operator, a stack only for bugs.
  if (!(error instanceof SallyportError)) throw error;
  process.stderr.write(`sallyport: ${error.code}: ${error.message}\n${error.advice}\n`);
  if (hasCode(error, 'usage.invalid')) process.stderr.write(usage);
  process.exitCode = exitFault;
}
