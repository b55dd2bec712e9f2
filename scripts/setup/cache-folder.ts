import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the set-up keeps what it has downloaded or built: below `$XDG_CACHE_HOME` or `~/.cache`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'sallyport');
}
