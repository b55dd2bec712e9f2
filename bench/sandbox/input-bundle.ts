import { join } from 'node:path';
import type { OpenComparison } from '../comparison.ts';
import { dockerShell } from './docker-command.ts';
import type { Place } from './place.ts';
import { checkOut, snapshotOf, wordFiles } from './repository.ts';
import { runOrder } from './run-order.ts';
import { blankSandbox } from './starts.ts';

const files = 5_000;
const fileBytes = 10_000;

/** A tree into a sandbox that waits, against tar through the engine's own client. */
export async function inputBundle(place: Place): Promise<OpenComparison> {
  const folder = join(place.folder, 'large');
  const snapshot = await snapshotOf(folder, wordFiles(files, fileBytes), place.policy.limits);
  const tree = await checkOut(folder, snapshot.headSha);
  return {
    name: 'input-bundle',
    title: `${files} files of ${fileBytes} bytes: git's objects → checked files in the workspace`,
    baseline: 'tar c | docker exec -i tar x, from a checked-out tree into a tmpfs of the same size',
    unit: 'ms',
    target: { kind: 'ratio', atMost: 1 },
    rounds: 9,
    measure: async () => {
      const waiting = await blankSandbox(place);
      const times = await runOrder(place, { order: { kind: 'nothing' }, waiting, snapshot });
      return { value: times.unpacked };
    },
    measureBaseline: async () => ({ value: await timeTar(place, tree) }),
    close: () => Promise.resolve(),
  };
}

async function timeTar(place: Place, tree: string): Promise<number> {
  const { runtime, images, policy } = place;
  const tmpfs = `/workspace:rw,size=${policy.limits.workspaceBytes},uid=1000,gid=1000,mode=0755`;
  const limits = `--memory ${policy.limits.memoryBytes} --cpus ${policy.limits.cpus}`;
  const options = `--network none --runtime ${runtime} --tmpfs ${tmpfs} ${limits}`;
  const run = `docker run -d ${options} --entrypoint sleep ${images.recording} 600`;
  const container = await dockerShell(place, run);
  try {
    const startedAt = performance.now();
    const into = `docker exec -i -u agent ${container} tar x -C /workspace`;
    await dockerShell(place, `tar c --exclude=./.git -C '${tree}' . | ${into}`);
    return performance.now() - startedAt;
  } finally {
    await dockerShell(place, `docker rm -f ${container}`);
  }
}
