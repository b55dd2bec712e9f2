import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, listed, mayWrite } from './ask.ts';
import { attempt } from './attempt.ts';
import { otherProcesses } from './processes.ts';
import { python } from './python.ts';
import { askKernel } from './system-calls.ts';

/** Time for a line to reach the control plane, before the wire that carries it is attacked. */
const toldMs = 200;
const seize = 0x4206; // PTRACE_SEIZE: stops nobody
const blockDevice = 0o060666;
const firstDisk = 8 << 8; // major 8, minor 0

/** In a namespace of one's own one is root; does that reach anything? */
const inOwnNamespace = `
import ctypes, errno, json, os
libc = ctypes.CDLL(None, use_errno=True)
def ask(value): return 'granted' if value >= 0 else errno.errorcode[ctypes.get_errno()]
answers = {'unshare': ask(libc.unshare(0x10020000))}
answers['mount'] = ask(libc.mount(b'none', b'/workspace', b'tmpfs', 0, None))
answers['bind'] = ask(libc.mount(b'/etc', b'/out', None, 4096, None))
answers['setuid'] = ask(libc.setuid(0))
print(json.dumps(answers))
`;

const flags = `
import ctypes, json
libc = ctypes.CDLL(None)
print(json.dumps({'noNewPrivileges': libc.prctl(39, 0, 0, 0, 0), 'seccomp': libc.prctl(21, 0, 0, 0, 0)}))
`;

/** Capability sets of this process, in hex, by name. */
export function capabilities(): Record<string, string> {
  const status = readFileSync('/proc/self/status', 'utf8');
  const sets = status.matchAll(/^(Cap\w+):\s*(\w+)$/gm);
  return Object.fromEntries([...sets].map(([, name = '', bits = '']) => [name, bits]));
}

/**
 * What init was started with. The agent's own flags say nothing of the runtime: the strace that watches it
 * sets both for itself. Empty under gVisor, whose `/proc` has neither.
 */
export function initFlags(): Record<string, number> {
  const status = readFileSync('/proc/1/status', 'utf8');
  const lines = status.matchAll(/^(NoNewPrivs|Seccomp):\s*(\d+)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, Number(value)]));
}

/** `prctl`'s word on no-new-privileges and seccomp; gVisor's `/proc` has neither. */
export function processFlags(): Record<string, number> {
  return python(flags) as Record<string, number>;
}

/** Attempts to become somebody else, or to get at a process of somebody else. */
export const privilegeAttempts = [
  attempt('escape.become-root', () => ({
    answers: askKernel({
      setuid: [105, 146, 0],
      setgid: [106, 144, 0],
      setgroups: [116, 159, 0, null],
      setresuid: [117, 147, 0, 0, 0],
      setresgid: [119, 149, 0, 0, 0],
    }),
    capabilities: capabilities(),
    flags: processFlags(),
    init: initFlags(),
  })),
  attempt('escape.setuid-files', () => {
    const find = ['/', '-xdev', '-type', 'f', '-perm', '/6000'];
    const found = codeOfFind(find);
    return { found };
  }),
  attempt('escape.own-namespace', () => ({ answers: python(inOwnNamespace) as object as never })),
  attempt('escape.device-nodes', () => {
    const answers = askKernel({
      mknod: [259, 33, -100, '/tmp/disk', blockDevice, firstDisk],
      mknod_memory: [259, 33, -100, '/tmp/memory', 0o020666, 256 + 1],
    });
    const open = codeOf(() => closeSync(openSync('/tmp/disk', 'r')));
    return { answers: { ...answers, open } };
  }),
  attempt('escape.trace-supervisor', ({ tell }) => {
    const others = otherProcesses();
    const answers: Record<string, string> = {};
    // One by one, init first: whoever may seize the tracer of this agent stands still with it.
    for (const pid of others) {
      Object.assign(answers, askKernel({ [`seize ${pid}`]: [101, 117, seize, pid, 0, 0] }));
      tell({ answers });
    }
    return { others };
  }),
  attempt('escape.supervisor-files', () => {
    const names = [
      'mem',
      'environ',
      'fd/0',
      'fd/1',
      'fd/2',
      'root',
      'cwd',
      'maps',
      'ns/net',
      'exe',
    ];
    const files = otherProcesses().flatMap((pid) => names.map((name) => `/proc/${pid}/${name}`));
    const answers = Object.fromEntries(
      files.map((file) => [file, codeOf(() => closeSync(openSync(file, 'r')))]),
    );
    return { answers };
  }),
  attempt('wire.supervisor-output', async ({ tell }) => {
    tell({ begun: true });
    await pause(toldMs);
    const garbage = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    const files = otherProcesses().flatMap((pid) =>
      listed(`/proc/${pid}/fd`)
        .concat(['0', '1', '2'])
        .map((fd) => `/proc/${pid}/fd/${fd}`),
    );
    return { answers: Object.fromEntries(files.map((file) => [file, writeTo(file, garbage)])) };
  }),
  attempt('wire.signal-supervisor', async ({ tell }) => {
    tell({ begun: true });
    await pause(toldMs);
    const others = otherProcesses();
    const answers: Record<string, string> = {};
    for (const pid of others)
      for (const signal of ['SIGSTOP', 'SIGTERM', 'SIGKILL'])
        answers[`${signal} ${pid}`] = codeOf(() => process.kill(pid, signal));
    return { others, answers };
  }),
];

/** gVisor lets a descriptor's name be opened by whoever may open what it leads to: that gives nothing new. */
function writeTo(file: string, garbage: string): string {
  const answer = codeOf(() => closeSync(openSync(file, constants.O_WRONLY | constants.O_NONBLOCK)));
  if (answer !== 'granted') return answer;
  const leadsTo = readlinkSync(file);
  if (mayWrite(leadsTo) === 'granted') return `anybody may write to ${leadsTo}`;
  writeFileSync(file, garbage);
  return `granted: ${leadsTo}`;
}

function codeOfFind(args: readonly string[]): string[] {
  // find ends with 1 where it may not look; what it found is on stdout all the same.
  const shell = ['-c', 'find "$@" 2>/dev/null; true', 'sh', ...args];
  return execFileSync('sh', shell, { encoding: 'utf8' }).split('\n').filter(Boolean);
}
