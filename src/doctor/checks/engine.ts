import { agentsIn } from '../../domain/agent-images.ts';
import type { EffectivePolicy } from '../../policy/effective-policy.ts';
import type { Engine, EngineInfo } from '../../ports/engine.ts';
import { type Check, type Finding, fault, note, ok } from '../check.ts';
import type { WantedImage } from '../wanted-images.ts';

/** What the checks of the engine are about. */
export interface EngineSubject {
  readonly engine: Engine;
  /** Those that the policy's tasks run in. */
  readonly images: readonly WantedImage[];
  readonly policy: EffectivePolicy;
  /** Sandboxes at once in one runner. */
  readonly concurrency: number;
}

/** Docker 20.10: `CgroupnsMode` and one-shot statistics. */
const leastApi = [1, 41] as const;
/** What the set-up puts on the images that it builds. */
const inputsLabel = 'io.sallyport.inputs';
const gibibyte = 1024 ** 3;

/** Is the engine what sandboxes need, and large enough for what the policy promises them? */
export function engineChecks(subject: EngineSubject): readonly Check[] {
  const { engine, policy } = subject;
  const about = (name: string, judge: (info: EngineInfo) => Finding): Check => ({
    name,
    look: async () => judge(await engine.info()),
  });
  return [
    about('engine', judgeVersion),
    about('runtime', (info) => judgeRuntime(info, policy)),
    about('seccomp', judgeSeccomp),
    about('ceilings', judgeCeilings),
    about('memory', (info) => judgeMemory(info, subject)),
    about('processors', (info) => judgeProcessors(info, subject)),
    about('users', judgeUsers),
    ...subject.images.map((wanted) => ({
      name: 'image',
      look: async () => judgeImage(await engine.image(wanted.ref), wanted),
    })),
  ];
}

function judgeVersion({ version, apiVersion, kernel, cgroupVersion }: EngineInfo): Finding {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  const isRecent = major > leastApi[0] || (major === leastApi[0] && minor >= leastApi[1]);
  const says = `engine ${version}, API ${apiVersion}, cgroup v${cgroupVersion}, kernel ${kernel}`;
  return isRecent
    ? ok(says)
    : fault(says, `Install an engine with API ${leastApi.join('.')} or later.`);
}

function judgeRuntime({ runtimes }: EngineInfo, { runtime }: EffectivePolicy): Finding {
  const known = runtimes.filter((name) => !name.startsWith('io.containerd.'));
  const says = `the policy asks for ${runtime}; the engine has ${known.join(', ')}`;
  if (!runtimes.includes(runtime))
    return fault(says, `Register ${runtime} in the engine's daemon.json, or change the policy.`);
  if (runtime === 'runc' && runtimes.includes('runsc'))
    return note(
      says,
      'runsc (gVisor) is there: `runtime: runsc` puts a kernel of its own in between.',
    );
  return ok(says);
}

function judgeSeccomp({ securityOptions }: EngineInfo): Finding {
  const has = securityOptions.some((one) => one.includes('seccomp'));
  return has
    ? ok('the engine can load a filter')
    : fault('the engine loads no seccomp filter', 'Use a kernel and an engine with seccomp.');
}

function judgeCeilings({ limitsPids, limitsSwap }: EngineInfo): Finding {
  if (!limitsPids)
    return fault('the engine cannot count processes', 'Enable the pids cgroup controller.');
  return limitsSwap
    ? ok('processes, memory and swap can be held')
    : note(
        'the engine cannot hold swap: a sandbox may use what the host has',
        'Boot with swapaccount=1, or without swap.',
      );
}

function judgeMemory(info: EngineInfo, { policy, concurrency }: EngineSubject): Finding {
  const wanted = policy.limits.memoryBytes * concurrency;
  const says = `${concurrency} sandboxes may take ${inGibibytes(wanted)} of ${inGibibytes(info.memoryBytes)}`;
  return wanted <= info.memoryBytes
    ? ok(says)
    : fault(says, 'Lower limits.memoryBytes or SALLYPORT_CONCURRENCY.');
}

function judgeProcessors(info: EngineInfo, { policy, concurrency }: EngineSubject): Finding {
  const wanted = policy.limits.cpus * concurrency;
  const says = `${concurrency} sandboxes may keep ${wanted} of ${info.cpus} processors busy`;
  return wanted <= info.cpus
    ? ok(says)
    : note(says, 'They will wait for each other: lower limits.cpus or SALLYPORT_CONCURRENCY.');
}

function judgeUsers({ securityOptions }: EngineInfo): Finding {
  const isMapped = securityOptions.some((one) => /name=(userns|rootless)/.test(one));
  return isMapped
    ? ok("root in a container is nobody's root on the host")
    : note(
        "the supervisor's root is uid 0 on the host, without rights; no user namespace is in between",
        'Run the engine rootless or with userns-remap, or use runsc.',
      );
}

function judgeImage(
  image: Awaited<ReturnType<Engine['image']>>,
  { ref, agents }: WantedImage,
): Finding {
  const names = agents.join(', ');
  if (image === undefined)
    return fault(
      `the engine has no image ${ref} for ${names}`,
      `Build it with npm run image -- ${agents.join(' ')}, or name another in SALLYPORT_AGENT_IMAGES.`,
    );
  const missing = agents.filter((agent) => !agentsIn(image.labels).includes(agent));
  if (missing.length > 0)
    return fault(
      `${ref} does not have the agent ${missing.join(', ')}`,
      'Name an image that has it: in the policy, or in SALLYPORT_AGENT_IMAGES.',
    );
  const says = `${ref} for ${names} is ${image.id.slice(0, 19)}`;
  return image.labels[inputsLabel] === undefined
    ? note(`${says}, which was not built by npm run image`, 'Know what is in it: it runs as root.')
    : ok(`${says}, from inputs ${image.labels[inputsLabel].slice(0, 16)}`);
}

function inGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
