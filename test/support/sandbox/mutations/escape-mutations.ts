import type { ContainerCreateOptions } from 'dockerode';
import type { Weaken } from '../weakened-sandbox.ts';
import type { Mutation } from './mutation.ts';
import { host, privileged, rootAgent, tmpfsWithout } from './weaknesses.ts';

const privilegeCases = [
  'escape.become-root',
  'escape.mount',
  'escape.umount',
  'escape.remount-root',
  'escape.read-only-root',
  'escape.chroot',
  'escape.namespaces',
  'escape.own-namespace',
  'escape.device-nodes',
  'escape.devices',
  'escape.trace-supervisor',
  'escape.supervisor-files',
  'escape.process-memory',
  'escape.bpf',
  'escape.perf-event',
  'escape.userfaultfd',
  'escape.io-uring',
  'escape.keyring',
  'escape.file-handles',
  'escape.kernel-modules',
  'escape.machine',
  'escape.raw-sockets',
  'escape.kernel-settings',
  'escape.core-pattern',
  'escape.kernel-memory',
  'escape.sysfs',
  'escape.cgroup',
  'credentials.files',
];

const ownEnvironment: Weaken = (options: ContainerCreateOptions) =>
  privileged({
    ...options,
    Env: [...(options.Env ?? []), ...Object.entries(process.env).map(([k, v]) => `${k}=${v}`)],
  });

/** Defences against ways out of the sandbox, and what is worth stealing in it. */
export const escapeMutations: readonly Mutation[] = [
  {
    name: 'privileged-root',
    cases: privilegeCases,
    options: privileged,
    image: rootAgent,
    isEachAlone: true,
    setup: { limits: { wallClockMs: 20_000 } },
  },
  {
    name: 'no-filter',
    cases: [
      'escape.namespaces',
      'escape.own-namespace',
      'escape.userfaultfd',
      'escape.perf-event',
      'escape.io-uring',
      'escape.keyring',
      'escape.process-memory',
    ],
    options: host({ SecurityOpt: ['no-new-privileges=true', 'seccomp=unconfined'] }),
  },
  {
    name: 'open-task',
    cases: ['escape.given-files'],
    options: tmpfsWithout(/uid=0,gid=0,mode=0755/, 'mode=0777'),
    // runc 1.1 gives a tmpfs the mode of the folder that it covers, whatever it is asked for.
    image: { lines: ['RUN chmod 0777 /task /base'] },
  },
  {
    name: 'setuid-file',
    cases: ['escape.setuid-files'],
    image: { lines: ['RUN chmod u+s /usr/bin/id'] },
  },
  {
    name: 'environment',
    cases: ['credentials.environment', 'credentials.sentinel'],
    options: ownEnvironment,
    image: rootAgent,
  },
];
