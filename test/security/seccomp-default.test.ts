import Docker from 'dockerode';
import { beforeAll, describe, expect, test } from 'vitest';
import { testEngine } from '../support/engine.ts';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { readRefused, refusedCalls } from '../support/sandbox/refused-calls.ts';
import { runProbe } from '../support/sandbox/run-probe.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

/** Refused here and granted by Docker's default to a user without capabilities: numbers on x86-64 and arm64. */
const stricter: Readonly<Record<string, readonly [number, number]>> = {
  // With a family that does not exist: Docker's default lets the kernel say so.
  socket: [41, 198],
  syncfs: [306, 267],
  remap_file_pages: [216, 234],
  vmsplice: [278, 75],
};

/** pkey_mprotect, pkey_alloc, pkey_free: granted by Docker's default since 23.0 (moby/moby#43490), not before. */
const grantedSince23: readonly number[] =
  process.arch === 'x64' ? [329, 330, 331] : [288, 289, 290];

/** What a container of the engine's own making refuses: same user, no capability, Docker's default profile. */
async function refusedByDefault(): Promise<readonly number[]> {
  const docker = new Docker({ socketPath: testEngine().socketPath });
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [...refusedCalls],
    User: '1000:1000',
    Tty: true,
    HostConfig: {
      CapDrop: ['ALL'],
      NetworkMode: 'none',
      PidsLimit: 64,
      Runtime: 'runc',
      SecurityOpt: ['no-new-privileges'],
    },
  });
  try {
    await container.start();
    await container.wait();
    const output = await container.logs({ stdout: true });
    return readRefused(output.toString());
  } finally {
    await container.remove({ force: true });
  }
}

/** What the agent of a sandbox is refused. */
async function refusedHere(): Promise<readonly number[]> {
  const [file, ...rest] = refusedCalls;
  const program = `
    const asked = childProcess.spawnSync(${JSON.stringify(file)}, ${JSON.stringify(rest)}, { encoding: 'utf8' });
    say(asked.stdout + asked.stderr);
  `;
  const { said } = await runProbe({
    image,
    runtime: 'runc',
    program,
    agentMs: 50_000,
    limits: { wallClockMs: 120_000 },
  });
  return readRefused(String(said[0]));
}

// gVisor takes no profile of the host's: its own kernel answers.
describe('the seccomp profile that ships', () => {
  test('grants less than Docker’s default, and nothing that it refuses', async () => {
    const [byDefault, here] = await Promise.all([refusedByDefault(), refusedHere()]);
    expect(byDefault.length).toBeGreaterThan(30);
    const wider = byDefault.filter((number) => !here.includes(number));
    expect(wider.filter((number) => !grantedSince23.includes(number))).toEqual([]);
    const column = process.arch === 'x64' ? 0 : 1;
    const rows = Object.entries(stricter).map(([name, numbers]) => {
      const number = numbers[column];
      return [name, byDefault.includes(number), here.includes(number)];
    });
    expect(rows).toEqual(Object.keys(stricter).map((name) => [name, false, true]));
  });
});
