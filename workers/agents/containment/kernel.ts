import { attempt } from './attempt.ts';
import { askKernel, type SystemCall } from './system-calls.ts';

const here = -100; // AT_FDCWD
const newUser = 0x1000_0000;
const newNet = 0x4000_0000;
const newMount = 0x2_0000;
const childSignal = 17;

/**
 * System calls by attempt. Where a call would do harm if it were granted, its arguments are invalid: the
 * kernel looks at rights first and at arguments afterwards, so EINVAL would mean that the right is there.
 */
const calls: Readonly<Record<string, Readonly<Record<string, SystemCall>>>> = {
  'escape.mount': {
    mount: [165, 40, 'none', '/out', 'tmpfs', 0, null],
    bind: [165, 40, '/etc', '/out', null, 4096, null],
    fsopen: [430, 430, 'tmpfs', 0],
    open_tree: [428, 428, here, '/etc', 1],
    move_mount: [429, 429, -1, '', here, '/out', 4],
    mount_setattr: [442, 442, -1, '', 0x1000, '', 0],
  },
  'escape.umount': { umount: [166, 39, '/etc/hostname', 2] },
  'escape.chroot': { chroot: [161, 51, '/out'], pivot_root: [155, 41, '/out', '/out'] },
  'escape.bpf': { bpf: [321, 280, 0, null, 0], bpf_program: [321, 280, 5, null, 0] },
  'escape.perf-event': { perf_event_open: [298, 241, null, 0, -1, -1, 0] },
  'escape.userfaultfd': { userfaultfd: [323, 282, 1] },
  'escape.io-uring': {
    io_uring_setup: [425, 425, 1, null],
    io_uring_enter: [426, 426, -1, 0, 0, 0, null, 0],
    io_uring_register: [427, 427, -1, 0, null, 0],
  },
  'escape.keyring': {
    keyctl: [250, 219, 0, -3, 0],
    add_key: [248, 217, 'user', 'sallyport', 'x', 1, -3],
    request_key: [249, 218, 'user', 'sallyport', null, 0],
  },
  'escape.file-handles': {
    open_by_handle_at: [304, 265, here, '\b\0\0\0\u0001\0\0\0aaaaaaaa', 0],
    name_to_handle_at: [303, 264, here, '/', null, null, 0],
    fanotify_init: [300, 262, 0, 0],
  },
  'escape.kernel-modules': {
    init_module: [175, 105, null, 0, ''],
    finit_module: [313, 273, -1, '', 0],
    delete_module: [176, 106, 'no_such_module', 0],
    kexec_load: [246, 104, 0, 0, null, -1],
  },
  'escape.machine': {
    reboot: [169, 142, 0, 0, 0, null],
    swapon: [167, 224, '/no/such/file', 0],
    settimeofday: [164, 170, null, null],
    sethostname: [170, 161, null, -1],
    acct: [163, 89, '/no/such/file'],
    quotactl: [179, 60, 0x80_0002, '/no/such/device', 0, null],
    syslog: [103, 116, 10, null, 0],
    personality: [135, 92, 0x4_0000],
  },
  'escape.raw-sockets': {
    raw: [41, 198, 2, 3, 1],
    packet: [41, 198, 17, 3, 0],
    vsock: [41, 198, 40, 1, 0],
    alg: [41, 198, 38, 5, 0],
    netlink: [41, 198, 16, 3, 0],
    xdp: [41, 198, 44, 3, 0],
    bluetooth: [41, 198, 31, 3, 0],
  },
  'escape.namespaces': {
    unshare_user: [272, 97, newUser],
    unshare_net: [272, 97, newNet],
    unshare_mount: [272, 97, newMount],
    clone_user: [56, 220, newUser + childSignal, 0, 0, 0, 0],
    clone_net: [56, 220, newNet + childSignal, 0, 0, 0, 0],
    clone3: [435, 435, null, 0],
    setns: [308, 268, -1, 0],
  },
  'escape.process-memory': {
    process_vm_readv: [310, 270, 1, null, 0, null, 0, 0],
    process_vm_writev: [311, 271, 1, null, 0, null, 0, 0],
    kcmp: [312, 272, 1, 1, 0, 0, 0],
    pidfd_getfd: [438, 438, -1, 0, 0],
    memfd_secret: [447, 447, 0],
  },
};

/** Attempts that are system calls and nothing else. */
export const kernelAttempts = Object.entries(calls).map(([id, ofAttempt]) =>
  attempt(id, () => ({ answers: askKernel(ofAttempt) })),
);
