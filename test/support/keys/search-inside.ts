// A program of an agent: searches for keys in all that it can read of its sandbox, and says how often it found one.
import { writeFileSync } from 'node:fs';
import { processes, searchFiles, searchMemory, searchProcFile, Tally } from './key-search.ts';

// The control for each place: the key that this program was given is where it can be found.
const own = process.env['ANTHROPIC_API_KEY'] ?? '';
writeFileSync('/tmp/own-key', own);
process.title = own;

const places = {
  environment: new Tally(),
  commandLines: new Tally(),
  memory: new Tally(),
  files: new Tally(),
};
for (const pid of processes()) {
  searchProcFile(`/proc/${pid}/environ`, places.environment);
  searchProcFile(`/proc/${pid}/cmdline`, places.commandLines);
  searchMemory(pid, places.memory);
}
searchFiles('/', places.files);
process.stdout.write(`${JSON.stringify(places)}\n`);
