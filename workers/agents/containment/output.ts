import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { attempt } from './attempt.ts';

const mebibyte = 1024 * 1024;
const floodMebibytes = 24;

/** Colour, a title, a hyperlink, a clear screen, C1 controls, a bidirectional override, a carriage return. */
const controls =
  '\u001b[31mred\u001b]0;title\u0007\u001b]8;;http://192.0.2.1\u001b\\link\u001b[2J\u009b31m\u202eevil\rover';

/** Writes all of it, however slowly it is read: by the stream, because a full pipe refuses direct writes. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Attempts to drown, hang or deceive whoever reads the output. */
export const outputAttempts = [
  attempt('resources.output', async ({ tell }) => {
    tell({ flooding: true });
    const block = `${'flood '.repeat(13)}\n`.repeat(mebibyte / 79);
    for (let part = 0; part < floodMebibytes; part += 1) await print(block);
    return {};
  }),
  attempt('resources.endless-line', async ({ tell }) => {
    tell({ flooding: true });
    const block = 'a'.repeat(mebibyte);
    for (let part = 0; part < floodMebibytes; part += 1) await print(block);
    return {};
  }),
  attempt('resources.terminal-codes', () => {
    writeSync(1, `terminal ${controls}\n`);
    return {};
  }),
];
