import { type ParseArgsConfig, parseArgs } from 'node:util';
import { SallyportError } from '../../errors.ts';

/** The arguments by these options. @throws SallyportError `usage.invalid` that names what does not fit */
export function parseArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    // `parseArgs` throws a TypeError that names the argument.
    throw new SallyportError('usage.invalid', (cause as Error).message, { cause });
  }
}
