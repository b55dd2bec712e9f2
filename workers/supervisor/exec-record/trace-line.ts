import { quotedList, quotedString } from './quoted-strings.ts';

/** How a system call came out: not yet known, with a number, or ended by the end of its process. */
export type CallResult = 'unfinished' | 'unknown' | number;

/** What one line of the trace says. `pid` is a thread's; `atMs` the epoch time in ms. */
export type TraceLine = { readonly pid: number; readonly atMs: number } & (
  | {
      readonly kind: 'exec';
      readonly path: string;
      readonly argv: readonly string[];
      readonly isCut: boolean;
      readonly result: CallResult;
      /** The process that the calling thread becomes the whole of. */
      readonly becomes: number | null;
    }
  | { readonly kind: 'fork'; readonly isThread: boolean; readonly result: CallResult }
  | { readonly kind: 'resumed'; readonly call: string; readonly result: CallResult }
  | { readonly kind: 'superseded'; readonly by: number }
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null }
);

const head = /^(\d+) +(\d+\.\d+) (.*)$/s;

/**
 * Reads one line as strace 6.1 writes it with `-f -ttt -o`. Undefined for lines that say nothing about
 * processes (signals, other calls) and for what is no such line.
 */
export function traceLine(line: Buffer): TraceLine | undefined {
  // latin1 keeps one character a byte: places in the text are places in the line.
  const [, pid, seconds, body] = head.exec(line.toString('latin1')) ?? [];
  if (pid === undefined || seconds === undefined || body === undefined) return undefined;
  const at = { pid: Number(pid), atMs: Math.floor(Number(seconds) * 1000) };
  const said = body.startsWith('+++ ') ? ending(body) : call(body, line.subarray(-body.length));
  return said && { ...at, ...said };
}

type Said<T> = T extends TraceLine ? Omit<T, 'pid' | 'atMs'> : never;

function ending(body: string): Said<TraceLine> | undefined {
  const code = /^\+\+\+ exited with (\d+) \+\+\+$/.exec(body)?.[1];
  if (code !== undefined) return { kind: 'exit', code: Number(code), signal: null };
  const signal = /^\+\+\+ killed by (SIG[A-Z0-9_+]+)(?: \(core dumped\))? \+\+\+$/.exec(body)?.[1];
  if (signal !== undefined) return { kind: 'exit', code: null, signal };
  const by = /^\+\+\+ superseded by execve in pid (\d+) \+\+\+$/.exec(body)?.[1];
  return by === undefined ? undefined : { kind: 'superseded', by: Number(by) };
}

function call(text: string, bytes: Buffer): Said<TraceLine> | undefined {
  const resumed = /^<\.\.\. (\w+) resumed>/.exec(text)?.[1];
  if (resumed !== undefined) return { kind: 'resumed', call: resumed, result: resultOf(text) };
  const name = /^(\w+)\(/.exec(text)?.[1];
  switch (name) {
    case 'execve':
      return execOf(bytes, text, name.length + 1);
    case 'execveat':
      return execAtOf(bytes, text);
    case 'fork':
    case 'vfork':
      return { kind: 'fork', isThread: false, result: resultOf(text) };
    case 'clone':
    case 'clone3':
      return { kind: 'fork', isThread: text.includes('CLONE_THREAD'), result: resultOf(text) };
    default:
      return undefined;
  }
}

/** Relative to an open folder, or that file itself: named as the kernel names it to a script. */
function execAtOf(bytes: Buffer, text: string): Said<TraceLine> {
  const said = execOf(bytes, text, text.indexOf(', ') + ', '.length);
  const folder = /^execveat\((\d+), /.exec(text)?.[1];
  if (said.kind !== 'exec' || folder === undefined || said.path.startsWith('/')) return said;
  return { ...said, path: `/dev/fd/${folder}${said.path === '' ? '' : '/'}${said.path}` };
}

function execOf(bytes: Buffer, text: string, start: number): Said<TraceLine> {
  const path = quotedString(bytes, start);
  const list = path && quotedList(bytes, path.end + ', '.length);
  // Every quote of the program's own is escaped: what comes after the last one is strace's word.
  const rest = text.slice(text.lastIndexOf('"') + 1);
  const becomes = / <pid changed to (\d+) \.\.\.>$/.exec(rest)?.[1];
  return {
    kind: 'exec',
    path: path?.string ?? '',
    argv: list?.strings ?? [],
    isCut: path === undefined || path.isCut || list?.isCut !== false,
    result: resultOf(rest),
    becomes: becomes === undefined ? null : Number(becomes),
  };
}

/** From the end of a line. */
function resultOf(text: string): CallResult {
  if (/ <(?:unfinished|pid changed to \d+) \.\.\.>$/.test(text)) return 'unfinished';
  const value = /\)\s+= (-?\d+)(?: [A-Z].*)?$/.exec(text)?.[1];
  return value === undefined ? 'unknown' : Number(value);
}
