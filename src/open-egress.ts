import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandCredentials } from './adapters/credentials/command-credentials.ts';
import { openCredentialFile } from './adapters/credentials/credential-file.ts';
import { firstOf } from './adapters/credentials/credential-sources.ts';
import { DnsResolver } from './adapters/net/dns-resolver.ts';
import { SocketDialer } from './adapters/net/socket-dialer.ts';
import type { Config } from './config.ts';
import type { EgressPorts } from './dispatch/open-broker.ts';
import { SallyportError } from './errors.ts';
import { parsePriceTable } from './policy/parse-egress.ts';
import type { PriceTable } from './policy/price-table.ts';
import type { Credentials } from './ports/credentials.ts';
import { systemClock } from './system-clock.ts';

/** The prices that ship with Sallyport. */
const shippedPrices = join(import.meta.dirname, '../policies/prices.yml');

/** How tasks get out, where the policy lets them. @throws SallyportError `config.invalid`, `policy.invalid` */
export function openEgress(config: Config): EgressPorts {
  return {
    resolver: new DnsResolver(),
    dialer: new SocketDialer(),
    credentials: openCredentials(config),
    prices: readPrices(config.pricesFile ?? shippedPrices),
  };
}

/** The operator's secrets from the environment, from a file, from a program; without any, what needs one is denied. */
export function openCredentials(
  config: Pick<Config, 'credentials' | 'credentialsFile' | 'credentialsCommand'>,
): Credentials {
  const { credentials, credentialsFile: file, credentialsCommand: command } = config;
  return firstOf([
    new Map([...credentials].map(([name, secret]) => [name, () => secret])),
    ...(file === null ? [] : [openCredentialFile(file, systemClock)]),
    ...(command === null ? [] : [new CommandCredentials(command, systemClock)]),
  ]);
}

function readPrices(file: string): PriceTable {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SallyportError('config.invalid', 'SALLYPORT_PRICES: the file cannot be read', {
      cause,
    });
  }
  return parsePriceTable(text, file);
}
