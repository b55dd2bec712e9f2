import { parseArgs } from 'node:util';
import { SallyportError } from '../errors.ts';
import type { RuntimeClass } from '../ports/sandbox.ts';

/** What `sallyport doctor` was asked for. */
export interface DoctorOptions {
  readonly attack: boolean;
  /** Undefined: every runtime class that the engine has. */
  readonly runtime: RuntimeClass | undefined;
  readonly json: boolean;
}

/** Every runtime class there is, in the order of the scoreboards. */
export const runtimeClasses: readonly RuntimeClass[] = ['runc', 'runsc'];

/** Reads the arguments. @throws SallyportError `usage.invalid` */
export function readDoctorOptions(args: readonly string[]): DoctorOptions {
  const { attack, runtime, json } = parse(args);
  const known = runtimeClasses.find((one) => one === runtime);
  if (runtime !== undefined && known === undefined)
    throw new SallyportError('usage.invalid', `--runtime is one of ${runtimeClasses.join(', ')}`);
  return { attack, runtime: known, json };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        attack: { type: 'boolean', default: false },
        runtime: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (cause) {
    // `parseArgs` throws a TypeError that names the argument.
    throw new SallyportError('usage.invalid', (cause as Error).message, { cause });
  }
}
