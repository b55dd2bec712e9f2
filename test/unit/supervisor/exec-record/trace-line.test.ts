import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoundedLines } from '../../../../workers/supervisor/exec-record/bounded-lines.ts';
import { traceLine } from '../../../../workers/supervisor/exec-record/trace-line.ts';

const read = (body: string) => traceLine(Buffer.from(`12    1795450701.449129 ${body}`, 'latin1'));
const at = { pid: 12, atMs: 1_795_450_701_449 };
const exec = { ...at, kind: 'exec', becomes: null, isCut: false };

describe('a line of strace', () => {
  test.each<[string, string, object | undefined]>([
    [
      'an executed program',
      'execve("/bin/echo", ["echo", "a\\nb\\""], 0x7ffd /* 11 vars */) = 0',
      { ...exec, path: '/bin/echo', argv: ['echo', 'a\nb"'], result: 0 },
    ],
    [
      'one that is not there',
      'execve("/bin/none", ["none"], 0x7ffd /* 11 vars */) = -1 ENOENT (No such file or directory)',
      { ...exec, path: '/bin/none', argv: ['none'], result: -1 },
    ],
    [
      'one that is under way',
      'execve("/bin/sh", ["sh"], 0x7ffd /* 1 var */ <unfinished ...>',
      { ...exec, path: '/bin/sh', argv: ['sh'], result: 'unfinished' },
    ],
    [
      'one of a thread that becomes its process',
      'execve("/bin/sh", ["sh"], 0x7ffd /* 1 var */ <pid changed to 9 ...>',
      { ...exec, path: '/bin/sh', argv: ['sh'], result: 'unfinished', becomes: 9 },
    ],
    [
      'arguments that look like results',
      'execve("/bin/a", ["a", ") = -1 ENOENT (x)", "x <unfinished ...>"], 0x1 /* 0 vars */) = 0',
      {
        ...exec,
        path: '/bin/a',
        argv: ['a', ') = -1 ENOENT (x)', 'x <unfinished ...>'],
        result: 0,
      },
    ],
    [
      'arguments that are cut',
      'execve("/bin/a", ["aaa"..., "b"...], 0x1 /* 0 vars */) = 0',
      { ...exec, path: '/bin/a', argv: ['aaa', 'b'], isCut: true, result: 0 },
    ],
    [
      'more arguments than are shown',
      'execve("/bin/a", ["a", "b", ...], 0x1 /* 0 vars */) = 0',
      { ...exec, path: '/bin/a', argv: ['a', 'b'], isCut: true, result: 0 },
    ],
    [
      'bytes that are no text, in octal',
      'execve("/bin/a", ["\\377\\0\\303\\251\\t\\\\"], 0x1 /* 0 vars */) = 0',
      { ...exec, path: '/bin/a', argv: ['\uFFFD\0é\t\\'], result: 0 },
    ],
    [
      'no arguments at all',
      'execve("/bin/a", NULL, NULL) = 0',
      { ...exec, path: '/bin/a', argv: [], result: 0, isCut: true },
    ],
    [
      'an empty list of arguments',
      'execve("/bin/a", [], NULL) = 0',
      { ...exec, path: '/bin/a', argv: [], result: 0 },
    ],
    [
      'an argument that cannot be read',
      'execve("/bin/a", ["a", 0xdead, "c"], 0x1 /* 0 vars */) = 0',
      { ...exec, path: '/bin/a', argv: ['a'], isCut: true, result: 0 },
    ],
    [
      'a path that cannot be read',
      'execve(0xdead, ["a"], 0x1 /* 0 vars */) = -1 EFAULT (Bad address)',
      { ...exec, path: '', argv: [], isCut: true, result: -1 },
    ],
    [
      'an open file',
      'execveat(3, "", ["a"], 0x1 /* 0 vars */, AT_EMPTY_PATH) = 0',
      { ...exec, path: '/dev/fd/3', argv: ['a'], result: 0 },
    ],
    [
      'a file of an open folder',
      'execveat(3, "bin/a", ["a"], 0x1 /* 0 vars */, 0) = 0',
      { ...exec, path: '/dev/fd/3/bin/a', argv: ['a'], result: 0 },
    ],
    [
      'a file of the present folder',
      'execveat(AT_FDCWD, "bin/a", ["a"], 0x1 /* 0 vars */, 0) = 0',
      { ...exec, path: 'bin/a', argv: ['a'], result: 0 },
    ],
    [
      'the end of a program that ends in the call',
      'execve("/bin/a", ["a"], 0x1 /* 0 vars */) = ?',
      { ...exec, path: '/bin/a', argv: ['a'], result: 'unknown' },
    ],
    ['a fork', 'vfork()         = 14', { ...at, kind: 'fork', isThread: false, result: 14 }],
    [
      'a child',
      'clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 15',
      { ...at, kind: 'fork', isThread: false, result: 15 },
    ],
    [
      'a thread',
      'clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD|CLONE_SYSVSEM <unfinished ...>',
      { ...at, kind: 'fork', isThread: true, result: 'unfinished' },
    ],
    [
      'a thread of clone3',
      'clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0, stack=0x7f, stack_size=0x9000}, 88) = 16',
      { ...at, kind: 'fork', isThread: true, result: 16 },
    ],
    [
      'what a call came to',
      '<... clone resumed>, child_tidptr=0x7f) = 56',
      { ...at, kind: 'resumed', call: 'clone', result: 56 },
    ],
    [
      'what it never came to',
      '<... vfork resumed>) = ?',
      { ...at, kind: 'resumed', call: 'vfork', result: 'unknown' },
    ],
    [
      'a superseded thread',
      '+++ superseded by execve in pid 66 +++',
      { ...at, kind: 'superseded', by: 66 },
    ],
    ['an exit', '+++ exited with 3 +++', { ...at, kind: 'exit', code: 3, signal: null }],
    ['a kill', '+++ killed by SIGKILL +++', { ...at, kind: 'exit', code: null, signal: 'SIGKILL' }],
    [
      'a crash',
      '+++ killed by SIGSEGV (core dumped) +++',
      { ...at, kind: 'exit', code: null, signal: 'SIGSEGV' },
    ],
    [
      'a real-time signal',
      '+++ killed by SIGRT_3 +++',
      { ...at, kind: 'exit', code: null, signal: 'SIGRT_3' },
    ],
    [
      'a signal that is delivered',
      '--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER} ---',
      undefined,
    ],
    [
      'a refused call',
      'ptrace(PTRACE_TRACEME) = -1 EPERM (Operation not permitted) (INJECTED)',
      undefined,
    ],
    ['nothing', '', undefined],
  ])('tells of %s', (_, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  test('is nothing without a process and a time', () => {
    expect(traceLine(Buffer.from('strace: something odd'))).toBeUndefined();
  });

  test('gives back any arguments, whatever is in them', () => {
    const bytes = fc
      .uint8Array({ minLength: 0, maxLength: 40 })
      .map((all) => all.filter((b) => b > 0));
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 8 }), (argv) => {
        const list = argv.map(asStraceWrites).join(', ');
        const line = read(`execve("/bin/a", [${list}], 0x1 /* 0 vars */) = 0`);
        const texts = argv.map((argument) => Buffer.from(argument).toString('utf8'));
        expect(line).toEqual({ ...exec, path: '/bin/a', argv: texts, result: 0 });
      }),
    );
  });
});

/** `string_quote` of strace's util.c: octal as short as the next character allows. */
function asStraceWrites(bytes: Uint8Array): string {
  const letters: Record<string, string> = {
    '"': '\\"',
    '\\': '\\\\',
    '\n': '\\n',
    '\t': '\\t',
    '\r': '\\r',
    '\v': '\\v',
    '\f': '\\f',
  };
  const text = [...bytes].map((byte, index) => {
    const char = String.fromCharCode(byte);
    if (letters[char] !== undefined) return letters[char];
    if (byte >= 0x20 && byte < 0x7f) return char;
    const next = String.fromCharCode(bytes[index + 1] ?? 0x20);
    return `\\${byte.toString(8).padStart(/[0-7]/.test(next) ? 3 : 1, '0')}`;
  });
  return `"${text.join('')}"`;
}

describe('lines from a pipe', () => {
  const linesOf = (chunks: readonly string[]): string[] => {
    const lines: string[] = [];
    const bounded = new BoundedLines((line) => lines.push(line.toString('latin1')));
    for (const chunk of chunks) bounded.push(Buffer.from(chunk, 'latin1'));
    return lines;
  };

  test('are whole however the pipe cuts them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{0,9}$/)),
        fc.integer({ min: 1, max: 7 }),
        (all, size) => {
          const text = all.map((line) => `${line}\n`).join('');
          const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
          expect(linesOf(chunks)).toEqual(all);
        },
      ),
    );
  });

  test('keep their beginning and their end when they are too long, and say where they are cut', () => {
    const argument = `"${'x'.repeat(1_000_000)}"`;
    const long = `12 1.5 execve("/bin/a", ["a", ${argument}, ${argument}], 0x1 /* 0 vars */) = 0`;
    const [line = ''] = linesOf([long.slice(0, 70_000), `${long.slice(70_000)}\n`]);
    expect(line.length).toBeLessThan(66_000 + 1_024);
    expect(traceLine(Buffer.from(line, 'latin1'))).toEqual({
      pid: 12,
      atMs: 1_500,
      kind: 'exec',
      path: '/bin/a',
      argv: ['a'],
      isCut: true,
      result: 0,
      becomes: null,
    });
  });
});
