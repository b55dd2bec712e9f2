import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Speech, Speeches, speechesPath } from '../../../src/protocol/containment.ts';
import { errorCode } from './ask.ts';
import { type Attempt, attempt } from './attempt.ts';

/** A proxy that says nothing for so long has not answered. */
const answerMs = 6_000;
/** As much of an answer as is looked at. */
const mostAnswer = 2_000;
/** Facts are one line of the log: a flood has more answers than fit. */
const mostAnswers = 60;

/**
 * An attempt of raw bytes on the proxy, which is the only way to the broker: no HTTP library repairs them.
 * Undefined when the control plane gave it nothing to say.
 */
export function spokenAttempt(id: string): Attempt | undefined {
  if (!existsSync(speechesPath)) return undefined;
  const speeches = Speeches.parse(JSON.parse(readFileSync(speechesPath, 'utf8')))[id];
  if (speeches === undefined) return undefined;
  return attempt(id, async ({ tell }) => {
    tell({ spoken: true });
    const answers: string[] = [];
    for (const speech of speeches) answers.push(...(await answersTo(speech)));
    return { answers: answers.slice(0, mostAnswers), count: answers.length };
  });
}

async function answersTo(speech: Speech): Promise<string[]> {
  const { port, pieces, times, isTogether } = Speech.parse(speech);
  const all = Array.from({ length: times });
  if (isTogether) return Promise.all(all.map(() => say(port, pieces)));
  const answers: string[] = [];
  for (const _ of all) answers.push(await say(port, pieces));
  return answers;
}

/** The status and reason of the last answer, or how the connection ended without one. */
function say(port: number, pieces: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let [text, next] = ['', 0];
    const end = (answer: string): void => {
      clearTimeout(late);
      socket.destroy();
      resolve(answer);
    };
    const late = setTimeout(() => end(inShort(text, 'silence')), answerMs);
    const sayNext = (): void => {
      const piece = pieces[next];
      next += 1;
      if (piece !== undefined) socket.write(Buffer.from(piece, 'latin1'));
    };
    socket.on('connect', sayNext);
    socket.on('data', (piece) => {
      text = (text + piece.toString('latin1')).slice(-mostAnswer);
      sayNext();
    });
    socket.on('error', (error) => end(inShort(text, errorCode(error))));
    socket.on('close', () => end(inShort(text, 'closed')));
  });
}

/** `403 no-rule`. */
function inShort(text: string, otherwise: string): string {
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
  const [, reason] = /"reason":"([^"]{1,60})"/.exec(text) ?? [];
  const said = [status, reason].filter((part) => part !== undefined).join(' ');
  return said === '' ? otherwise : said;
}
