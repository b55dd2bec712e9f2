import { type Config, readConfig } from '../config.ts';
import { type Checked, checkLines, fault, runChecks } from '../doctor/check.ts';
import { hasCode } from '../errors.ts';
import { attack } from './doctor-attack.ts';
import { installationChecks } from './doctor-checks.ts';
import { readDoctorOptions } from './doctor-options.ts';

const [exitSound, exitFault] = [0, 1];

/**
 * `sallyport doctor`: checks the installation, or with `--attack` the containment. Resolves with the exit
 * code: 0 when all is well, 1 when something is not. @throws SallyportError with what to do
 */
export async function doctorCommand(args: readonly string[]): Promise<number> {
  const options = readDoctorOptions(args);
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  if (options.attack) return attack(readConfig(), options, write);
  const tell = (checked: Checked): void => {
    if (!options.json) for (const line of checkLines(checked)) write(line);
  };
  const found = await check(tell);
  const faults = found.filter(({ state }) => state === 'fault').length;
  if (options.json) write(JSON.stringify({ checks: found, faults }, null, 2));
  else write(faults === 0 ? 'no faults' : `${faults} to mend`);
  return faults === 0 ? exitSound : exitFault;
}

/** A configuration that cannot be read is what the doctor is asked for, too. */
async function check(tell: (checked: Checked) => void): Promise<readonly Checked[]> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    if (!hasCode(error, 'config.invalid')) throw error;
    const look = () => fault(error.message, error.advice);
    return runChecks([{ name: 'configuration', look }], tell);
  }
  return runChecks(installationChecks(config), tell);
}
