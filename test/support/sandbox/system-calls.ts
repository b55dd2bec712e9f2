/** Calls that lead out of a container or widen the kernel's surface: numbers on x86-64 and arm64, arguments. */
const calls: Readonly<Record<string, readonly number[]>> = {
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  unshare: [272, 97, 0x10000000],
  setns: [308, 268],
  ptrace: [101, 117, 0],
  process_vm_readv: [310, 270, 1],
  process_vm_writev: [311, 271, 1],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425, 1],
  open_by_handle_at: [304, 265],
  name_to_handle_at: [303, 264],
  kexec_load: [246, 104],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  swapon: [167, 224],
  reboot: [169, 142],
  quotactl: [179, 60],
  personality: [135, 92, 0x0040000],
  acct: [163, 89],
  syslog: [103, 116, 3],
  settimeofday: [164, 170],
  sethostname: [170, 161],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  fsopen: [430, 430],
  open_tree: [428, 428],
  move_mount: [429, 429],
  mount_setattr: [442, 442],
  memfd_secret: [447, 447],
  clone3: [435, 435],
  fanotify_init: [300, 262],
  clone_newuser: [56, 220, 0x10000011],
  clone_newnet: [56, 220, 0x40000011],
  socket_netlink: [41, 198, 16, 3],
  socket_packet: [41, 198, 17, 3],
  socket_alg: [41, 198, 38, 5],
  socket_vsock: [41, 198, 40, 1],
  socket_raw: [41, 198, 2, 3, 1],
};

/** Each call in a process of its own: one that is granted may stop or end its caller. */
const python = `
import ctypes, errno, json, os, platform, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
column = 0 if platform.machine() == 'x86_64' else 1
for name, (*numbers, ) in json.loads(sys.argv[1]).items():
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        signal.alarm(5)
        value = libc.syscall(numbers[column], *numbers[2:])
        if value == 0 and name.startswith('clone_'): os._exit(0)
        print(name, value if value >= 0 else errno.errorcode[ctypes.get_errno()], flush=True)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status: print(name, status, flush=True)
`;

/** Source, for a probe's program: pairs of a call's name and its error, or a number if it was granted. */
export const systemCalls = `childProcess.spawnSync('python3', ['-c', ${JSON.stringify(python)}, ${JSON.stringify(JSON.stringify(calls))}], { encoding: 'utf8' }).stdout.trim().split('\\n').map((line) => line.split(' '))`;
