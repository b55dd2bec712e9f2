import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Facts } from '../../../src/protocol/containment.ts';
import { errorCode } from './ask.ts';
import { attempt } from './attempt.ts';
import { python } from './python.ts';

/** More than any ceiling that the suite sets, and harmless where there is none. */
const mostForks = 400;
const mostFiles = 20_000;
const mostOpenFiles = 8_192;

const forks = `
import errno, json, os, signal, sys, time
children, refusal = [], ''
most = json.loads(sys.argv[1])
for _ in range(most):
    try: child = os.fork()
    except OSError as error: refusal = errno.errorcode[error.errno]; break
    if child == 0: time.sleep(100)
    children.append(child)
time.sleep(2)
for child in children: os.kill(child, signal.SIGKILL)
print(json.dumps({'forks': len(children), 'refusal': refusal}))
`;

/** Takes memory up to an amount, touching every page, and says when it has it. */
const balloon = `
import json, sys
taken, most = [], json.loads(sys.argv[1])
for _ in range(most): taken.append(bytearray(b'x' * (1 << 20)))
with open('/proc/self/status') as status: swap = [l.split()[1] for l in status if l.startswith('VmSwap')]
print(json.dumps({'gotMebibytes': len(taken), 'swapKib': int((swap or ['0'])[0])}))
`;

const dump = `
import json, os, resource, signal
def attempt():
    try: resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30)); return 'granted'
    except (ValueError, OSError) as error: return type(error).__name__
raised = attempt()
child = os.fork()
if child == 0:
    os.chdir('/workspace')
    os.kill(os.getpid(), signal.SIGABRT)
status = os.waitpid(child, 0)[1]
print(json.dumps({'raised': raised, 'dumped': os.WCOREDUMP(status), 'limit': resource.getrlimit(resource.RLIMIT_CORE)}))
`;

/** How often, and with what pauses, it is looked whether the daemon runs. */
const mostLooks = 100;
const lookPauseMs = 200;

/** A process that leaves its session, ignores every signal it can and goes on writing. */
const daemon = `
import os, signal, time
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
for n in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT): signal.signal(n, signal.SIG_IGN)
for tick in range(4000):
    with open('/workspace/ticks', 'w') as f: f.write(str(tick))
    time.sleep(0.05)`;

/** Mebibytes that a balloon asks for: three times what the case gives. */
const balloonMebibytes = 600;

/** Attempts to use more than was given. */
export const resourceAttempts = [
  attempt('resources.fork-bomb', ({ tell }) => {
    tell({ begun: true });
    return python(forks, mostForks) as Facts;
  }),
  attempt('resources.memory', ({ tell }) => {
    tell({ begun: true });
    return python(balloon, balloonMebibytes) as Facts;
  }),
  attempt('resources.cpu', async ({ tell }) => {
    const code = 'while True: pass';
    const spinners = [1, 2, 3, 4].map(() => spawn('python3', ['-c', code], { stdio: 'ignore' }));
    tell({ spinning: spinners.length });
    await pause(2_500);
    for (const spinner of spinners) spinner.kill('SIGKILL');
    return {};
  }),
  attempt('resources.wall-clock', async ({ tell }) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.on(signal, () => undefined);
    tell({ sleeping: true });
    await pause(2 ** 30);
    return {};
  }),
  attempt('resources.open-files', () => {
    const open: number[] = [];
    const refusal = until(mostOpenFiles, () => open.push(openSync('/dev/null', 'r')));
    for (const file of open) closeSync(file);
    return { opened: open.length, refusal };
  }),
  attempt('resources.core-dump', () => python(dump) as Facts),
  attempt('resources.inodes', () => {
    let files = 0;
    const refusal = until(mostFiles, () => {
      writeFileSync(`/tmp/inode-${files}`, '');
      files += 1;
    });
    return { files, refusal };
  }),
  attempt('files.daemon', async () => {
    spawn('python3', ['-c', daemon], { stdio: 'ignore', detached: true }).unref();
    // On a machine under load python takes seconds to start under gVisor.
    for (let look = 0; look < mostLooks && !existsSync('/workspace/ticks'); look += 1)
      await pause(lookPauseMs);
    await pause(lookPauseMs);
    return {};
  }),
];

/** Does a deed again and again; the code of what stopped it, or `` when nothing did. */
function until(most: number, deed: () => void): string {
  try {
    for (let done = 0; done < most; done += 1) deed();
    return '';
  } catch (error) {
    return errorCode(error);
  }
}
