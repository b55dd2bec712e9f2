import { readConfig } from '../config.ts';
import { attack } from './doctor-attack.ts';
import { readDoctorOptions } from './doctor-options.ts';

/**
 * `sallyport doctor`: checks the installation, or with `--attack` the containment. Resolves with the exit
 * code: 0 when all is well, 1 when something is not. @throws SallyportError with what to do
 */
export async function doctorCommand(args: readonly string[]): Promise<number> {
  const options = readDoctorOptions(args);
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const config = readConfig();
  if (options.attack) return attack(config, options, write);
  return 1;
}
