/**
 * Ways to execute `/bin/echo` that a record of processes may miss, on x86-64. Each gives the program the
 * arguments `evasion <way>` and makes it print `has run: <way>` when it does run.
 */
const python = `
import ctypes, os, signal, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
call = lambda *a: libc.syscall(*[ctypes.c_long(x) for x in a])
name = sys.argv[1]
argv = ['evasion', name]
open('/tmp/evasion', 'w').write('#!/bin/sh\\necho "has run: $1"\\n')
os.chmod('/tmp/evasion', 0o755)
run = lambda: os.execv('/tmp/evasion', argv)
class F(ctypes.Structure): _fields_ = [('c', ctypes.c_ushort), ('t', ctypes.c_ubyte), ('f', ctypes.c_ubyte), ('k', ctypes.c_uint)]
class P(ctypes.Structure): _fields_ = [('n', ctypes.c_ushort), ('f', ctypes.POINTER(F))]
keep = []
def install(action, flags=0):
    rules = (F * 4)(F(0x20, 0, 0, 0), F(0x15, 0, 1, 59), F(6, 0, 0, action), F(6, 0, 0, 0x7fff0000))
    program = P(4, rules)
    keep.extend([rules, program])
    return call(317, 1, flags, ctypes.addressof(program))
def forked():
    pid = os.fork()
    if pid == 0: run()
    os.waitpid(pid, 0)
def untraced(traced):
    pid = call(56, 0x00800000 | 17, 0, 0, 0, 0)
    if pid == 0:
        time.sleep(0.3)
        try: run()
        except OSError: os._exit(7)
    if pid < 0: return
    if traced: call(101, 0x4206, pid, 0, 0x80)
    try: os.waitpid(pid, 0)
    except OSError: pass
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(0.1)
            run()
        os._exit(0)
    os.wait()
    time.sleep(0.5)
def memfd():
    fd = os.memfd_create('x')
    os.write(fd, open('/bin/echo', 'rb').read())
    os.execve(fd, argv, {})
def thread():
    threading.Thread(target=run).start()
    time.sleep(5)
def listener():
    fd = install(0x7fc00000, 8)
    if fd < 0: return
    class N(ctypes.Structure): _fields_ = [('id', ctypes.c_ulonglong), ('rest', ctypes.c_ubyte * 72)]
    class R(ctypes.Structure): _fields_ = [('id', ctypes.c_ulonglong), ('val', ctypes.c_longlong), ('error', ctypes.c_int), ('flags', ctypes.c_uint)]
    def allow():
        n = N()
        libc.ioctl(fd, ctypes.c_ulong(0xc0502100), ctypes.byref(n))
        libc.ioctl(fd, ctypes.c_ulong(0xc0182101), ctypes.byref(R(n.id, 0, 0, 1)))
    threading.Thread(target=allow, daemon=True).start()
    forked()
def vfork():
    import subprocess
    subprocess.run(argv, executable='/tmp/evasion')
{
    'daemon': daemon, 'memfd': memfd, 'thread': thread, 'vfork': vfork, 'listener': listener,
    'untraced': lambda: untraced(False), 'untraced-traced': lambda: untraced(True),
    'own-filter': lambda: (install(0x7ff00042), forked()),
    'trace-me': lambda: (call(101, 0, 0, 0, 0), forked()),
}[name]()
`;

/** Source, for a probe's program: a function of a way's name that tries it. */
export const evasions = `((name) => childProcess.spawnSync('python3', ['-c', ${JSON.stringify(python)}, name], { encoding: 'utf8', timeout: 10000 }))`;
