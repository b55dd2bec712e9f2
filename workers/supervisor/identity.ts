/** The unprivileged user that the agent runs as and that owns everything it can write to. */
const agentUid = 1000;
const agentGid = 1000;
/** Their name in the image's `/etc/passwd`. */
export const agentName = 'agent';

/**
 * Does `work` on files as the agent's user: what it must not touch, the kernel refuses.
 * Only while no process of that user runs but the launcher, which waits and is ours: the whole supervisor
 * takes the identity.
 * @throws when the identity cannot be taken or given back; then nothing may go on.
 */
export async function asAgent<T>(work: () => T | Promise<T>): Promise<T> {
  // In a test the supervisor is nobody special and stays who it is.
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) return work();
  process.setegid?.(agentGid);
  process.seteuid?.(agentUid);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
