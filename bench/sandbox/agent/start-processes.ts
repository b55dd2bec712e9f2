import { spawnSync } from 'node:child_process';

/**
 * Shell scripts of four processes a unit, as builds are made of them. `build` does a little work in each:
 * far less than a compiler, so that what starting and ending processes costs weighs more than in most
 * builds. `bare` does none: nothing is left but that cost.
 */
const scripts = {
  build: `
i=0
while [ $i -lt $UNITS ]; do
  sed -e 's/process/program/g' /opt/sallyport/agents/bench.js >/workspace/unit-$i.out
  sha256sum /workspace/unit-$i.out >/workspace/unit-$i.sum
  gzip -1 -c /workspace/unit-$i.out >/workspace/unit.gz
  rm /workspace/unit-$i.out /workspace/unit-$i.sum
  i=$((i + 1))
done`,
  bare: `
i=0
while [ $i -lt $UNITS ]; do
  /usr/bin/true; /usr/bin/true; /usr/bin/true; /usr/bin/true
  i=$((i + 1))
done`,
};

/** Starts `count` processes, a multiple of 4. @throws Error when one of them fails */
export function startProcesses(program: keyof typeof scripts, count: number): void {
  const env = { PATH: '/usr/bin:/bin', UNITS: `${count / 4}` };
  const { status } = spawnSync('/bin/sh', ['-ec', scripts[program]], { env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`the build ended with ${status}`);
}
