import { resolve } from 'node:path';
import { writeSample } from './write-sample.ts';

const usage = 'usage: npm run sample -- FOLDER [POLICY-FILE]; FOLDER is made and must not be there';

/** `npm run sample`: writes the sample repository, to try policies and commands on. */
const [folder, policyFile, ...rest] = process.argv.slice(2);
if (folder === undefined || rest.length > 0) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  // npm runs scripts in the project's folder and leaves the person's own one in INIT_CWD.
  const at = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);
  const written = await writeSample(at(folder), policyFile === undefined ? null : at(policyFile));
  process.stdout.write(`repository  ${written.repository}\nevent       ${written.event}\n`);
}
