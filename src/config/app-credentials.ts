import { readFileSync } from 'node:fs';
import { SallyportError } from '../errors.ts';

/** The App's identity on GitHub. */
export interface AppCredentials {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
}

/** What the environment says of the App. */
export interface AppVariables {
  readonly APP_ID?: number | undefined;
  readonly PRIVATE_KEY?: string | undefined;
  readonly PRIVATE_KEY_PATH?: string | undefined;
  readonly WEBHOOK_SECRET?: string | undefined;
}

/** The App's credentials; null when one of them is missing. @throws SallyportError `config.invalid` */
export function appOf(values: AppVariables): AppCredentials | null {
  const privateKey =
    values.PRIVATE_KEY?.replaceAll('\\n', '\n') ?? keyFile(values.PRIVATE_KEY_PATH);
  const { APP_ID: appId, WEBHOOK_SECRET: webhookSecret } = values;
  if (appId === undefined || webhookSecret === undefined || privateKey === undefined) return null;
  return { appId, privateKey, webhookSecret };
}

function keyFile(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SallyportError('config.invalid', 'PRIVATE_KEY_PATH: the file cannot be read', {
      cause,
    });
  }
}
