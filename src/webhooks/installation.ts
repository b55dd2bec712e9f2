import { type Conversion, ignored } from './delivery.ts';

/**
 * `installation`: GitHub sends it to every App without being asked. Nothing is kept about installations,
 * so there is nothing to do; it is handled to be seen in the log.
 */
export function fromInstallation(): Conversion {
  return ignored('no-trigger');
}
