/** The unprivileged user that the agent runs as and that owns everything it can write to. */
const agentUid = 1000;
const agentGid = 1000;
/** Their name in the image's `/etc/passwd`. */
export const agentName = 'agent';

/** Another user than root, taken by the whole process. Both throw when they cannot; then nothing may go on. */
export interface Identity {
  take(): void;
  giveBack(): void;
}

/** The agent's. In a test the supervisor is nobody special and stays who it is. */
export function agentIdentity(): Identity {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) return { take: () => undefined, giveBack: () => undefined };
  return {
    take: () => {
      process.setegid?.(agentGid);
      process.seteuid?.(agentUid);
    },
    giveBack: () => {
      process.seteuid?.(0);
      process.setegid?.(0);
    },
  };
}

/**
 * Does `work` on files as the agent's user: what it must not touch, the kernel refuses.
 * Only while no process of that user runs but the launcher, which waits and is ours: the whole supervisor
 * takes the identity.
 * @throws when the identity cannot be taken or given back; then nothing may go on.
 */
export async function asAgent<T>(work: () => T | Promise<T>): Promise<T> {
  const identity = agentIdentity();
  identity.take();
  try {
    return await work();
  } finally {
    identity.giveBack();
  }
}
