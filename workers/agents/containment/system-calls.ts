import { arch } from 'node:process';
import { python } from './python.ts';

/** A call: its numbers on x86-64 and arm64, and arguments; text is passed as a C string. */
export type SystemCall = readonly [
  x64: number,
  arm64: number,
  ...args: readonly (number | string | null)[],
];

/**
 * Each call runs in a process of its own: one that is granted may stop or end its caller. `clone_…` names
 * are raw clones whose child leaves at once.
 */
const runner = `
import ctypes, errno, json, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
def c(value):
    return value.encode('latin-1') if isinstance(value, str) else None if value is None else ctypes.c_long(value)
def answer(name, numbers):
    value = libc.syscall(*[c(one) for one in numbers])
    if value == 0 and name.startswith('clone_'): os._exit(0)
    return 'granted' if value >= 0 else errno.errorcode[ctypes.get_errno()]
answers = {}
for name, numbers in json.loads(sys.argv[1]).items():
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(5)
        os.write(writing, answer(name, numbers).encode())
        os._exit(0)
    os.close(writing)
    status = os.waitpid(child, 0)[1]
    answers[name] = os.read(reading, 100).decode() or 'status %d' % status
    os.close(reading)
print(json.dumps(answers))
`;

/** What the kernel says to each call: `granted`, the name of an error, or the status of a killed caller. */
export function askKernel(calls: Readonly<Record<string, SystemCall>>): Record<string, string> {
  const numbers = Object.entries(calls).map(([name, [x64, arm64, ...args]]) => [
    name,
    [arch === 'arm64' ? arm64 : x64, ...args],
  ]);
  return python(runner, Object.fromEntries(numbers)) as Record<string, string>;
}
