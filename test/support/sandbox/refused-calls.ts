/**
 * Not asked, by their numbers on x86-64 and arm64: calls that return twice or not at all on a stack that is
 * shared (rt_sigreturn, clone, vfork), and sync, which waits for every disk of the host.
 */
const notAsked: Readonly<Record<string, readonly number[]>> = {
  x86_64: [15, 56, 58, 162],
  aarch64: [139, 220, 81],
};

/** Numbers up to `map_shadow_stack`, the last that Docker's default of 2025 knows. */
const lastCall = 453;

/**
 * Each call with arguments that mean nothing: what a filter refuses is EPERM. One process asks until a call
 * ends it or waits for ever, and the next one goes on after that.
 */
const python = `
import ctypes, errno, json, os, platform, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
numbers = [n for n in range(${lastCall} + 1) if n not in json.loads(sys.argv[1])[platform.machine()]]
refused = []

def ask(numbers, report):
    own = os.getpid()
    for number in numbers:
        os.write(report, b'%d ' % number)
        signal.alarm(3)
        value = libc.syscall(number, *[ctypes.c_long(-1)] * 6)
        if os.getpid() != own: os._exit(0)
        if value == -1 and ctypes.get_errno() == errno.EPERM: os.write(report, b'! ')
    os._exit(0)

while numbers:
    near, far = os.pipe()
    child = os.fork()
    if child == 0: ask(numbers, far)
    os.close(far)
    for word in open(near).read().split():
        if word == '!': refused.append(asked)
        else: asked = int(word)
    os.waitpid(child, 0)
    numbers = [n for n in numbers if n > asked]
print('refused', *refused)
`;

/** Command that prints `refused` and the numbers of all calls that are refused where it runs. */
export const refusedCalls: readonly string[] = ['python3', '-c', python, JSON.stringify(notAsked)];

/** The numbers that the command printed. @throws when it did not come to its end */
export function readRefused(output: string): readonly number[] {
  const [word, ...numbers] = output.trim().split(' ');
  if (word !== 'refused') throw new Error(`no list of calls: ${output.slice(-500)}`);
  return numbers.map(Number);
}
