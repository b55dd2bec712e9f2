import { beforeAll, describe, expect, test } from 'vitest';
import type { ExecEntry } from '../../src/protocol/exec-record.ts';
import { maxRecords } from '../../src/protocol/exec-record.ts';
import { evasions } from '../support/sandbox/evasions.ts';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { type Probed, runProbe } from '../support/sandbox/run-probe.ts';
import { runVerdict } from '../support/sandbox/run-verdict.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

type Exec = Extract<ExecEntry, { kind: 'exec' }>;

const entriesOf = ({ events }: Probed): ExecEntry[] =>
  events.flatMap((event) => (event.type === 'exec' ? event.batch : []));
const execsOf = (probed: Probed): Exec[] =>
  entriesOf(probed).filter((entry) => entry.kind === 'exec');
const programs = (probed: Probed): string[] => execsOf(probed).map(({ argv }) => argv.join(' '));
const exitOf = (probed: Probed, pid: number | undefined): unknown =>
  entriesOf(probed).find((entry) => entry.kind === 'exit' && entry.pid === pid);
const endOf = ({ events }: Probed) => events.find((event) => event.type === 'exec-end');

describe.each(runtimes)('the record of processes under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('has every process with arguments, parent, times and end', async () => {
      const argument = 'a "quoted"\nline \u00e9 +++ exited with 0 +++';
      const program = `
        childProcess.spawnSync('/bin/echo', [${JSON.stringify(argument)}]);
        childProcess.spawnSync('/bin/sh', ['-c', '/bin/true; exit 7']);
        childProcess.spawnSync('/bin/sh', ['-c', 'kill -9 $$']);
        process.exit(4);
      `;
      const startedAtMs = Date.now();
      const probed = await runProbe({ image, runtime, program });
      const [agent, echo, sh, innocent, killed] = execsOf(probed);
      expect(agent?.argv).toEqual(['/usr/local/bin/node', '/opt/sallyport/agents/probe.js']);
      expect(agent?.parent).toBeNull();
      expect(echo?.argv).toEqual(['/bin/echo', argument]);
      expect([echo?.parent, sh?.parent, killed?.parent]).toEqual([
        agent?.pid,
        agent?.pid,
        agent?.pid,
      ]);
      expect([innocent?.path, innocent?.parent]).toEqual(['/bin/true', sh?.pid]);
      expect(exitOf(probed, agent?.pid)).toMatchObject({ code: 4, signal: null });
      expect(exitOf(probed, sh?.pid)).toMatchObject({ code: 7, signal: null });
      expect(exitOf(probed, killed?.pid)).toMatchObject({ code: null, signal: 'SIGKILL' });
      for (const { atMs } of entriesOf(probed)) {
        expect(atMs).toBeGreaterThanOrEqual(startedAtMs - 1_000);
        expect(atMs).toBeLessThanOrEqual(Date.now() + 1_000);
      }
      expect(probed.result?.manifest.agent).toMatchObject({ exitCode: 4, signal: null });
      expect(endOf(probed)).toEqual({ type: 'exec-end', execs: 5, processes: 5, dropped: 0 });
    });

    test('has what slips away: daemons, threads that execute, files without a name', async () => {
      const program = `for (const name of ['daemon', 'thread', 'memfd', 'vfork']) ${evasions}(name); `;
      const probed = await runProbe({ image, runtime, program, tellsText: true });
      const seen = programs(probed);
      for (const name of ['daemon', 'thread', 'memfd', 'vfork'])
        expect(seen.filter((line) => line === `evasion ${name}`)).toHaveLength(1);
      expect(execsOf(probed).find(({ argv }) => argv[1] === 'memfd')?.path).toMatch(
        /^\/dev\/fd\/\d+$/,
      );
    });

    test.each(['untraced', 'untraced-traced', 'listener', 'own-filter', 'trace-me'])(
      'is not escaped by the way %s: what is executed is there',
      async (name) => {
        const program = `say(${evasions}(${JSON.stringify(name)}).stdout)`;
        const probed = await runProbe({ image, runtime, program });
        const hasRun = String(probed.said[0]).includes(`has run: ${name}`);
        expect(programs(probed).includes(`evasion ${name}`)).toBe(hasRun);
        // Two ways do execute something; the rest is refused before it comes to that.
        expect(hasRun).toBe(['own-filter', 'trace-me'].includes(name));
      },
    );

    test('cannot be stopped, read or written by the agent', async () => {
      const program = `
        const pids = fs.readdirSync('/proc').map(Number).filter((pid) => pid > 0);
        const commandOf = (pid) => attempt(() => fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8'));
        const tracers = pids.filter((pid) => String(commandOf(pid)).includes('strace'));
        say(tracers.length);
        say(tracers.flatMap((pid) => ['SIGSTOP', 'SIGKILL', 'SIGTERM'].map((name) => attempt(() => process.kill(pid, name)))));
        const files = tracers.flatMap((pid) => [0, 1, 2, 3, 4, 5].map((fd) => '/proc/' + pid + '/fd/' + fd));
        say(files.filter((file) => attempt(() => fs.closeSync(fs.openSync(file, 'r'))) === 'done'));
        say(files.filter((file) => attempt(() => fs.closeSync(fs.openSync(file, 'w'))) === 'done'));
        say(attempt(() => fs.readdirSync('/run/sallyport')));
        say(attempt(() => fs.writeFileSync('/run/sallyport/exec-record', 'x')));
        const line = process.pid + ' 1.5 execve("/bin/forged", ["forged"], 0x1 /* 0 vars */) = 0\\n';
        fs.writeSync(2, line);
        childProcess.spawnSync('python3', ['-c', 'import os, sys\\nfor fd in range(64):\\n  try: os.write(fd, sys.argv[1].encode())\\n  except OSError: pass', line], { stdio: ['ignore', 'inherit', 'inherit'] });
        childProcess.execFileSync('/bin/true');
      `;
      const probed = await runProbe({ image, runtime, program, tellsText: true });
      const said = probed.events.filter(
        (e) => e.type === 'log' && e.stream === 'stdout' && !e.text.includes('forged'),
      );
      const [tracers, killed, ...rest] = said.map(
        (e) => (e.type === 'log' ? JSON.parse(e.text) : null) as unknown,
      );
      expect(tracers).toBe(1);
      expect(killed).toEqual(['EPERM', 'EPERM', 'EPERM']);
      expect(rest).toEqual([[], [], 'EACCES', 'EACCES']);
      expect(programs(probed)).toContain('/bin/true');
      expect(execsOf(probed).filter(({ path }) => path === '/bin/forged')).toEqual([]);
    });

    test('ends what the agent leaves behind, and has its end', async () => {
      const program = `
        for (let i = 0; i < 5; i += 1) childProcess.spawn('/bin/sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref();
        process.exit(0);
      `;
      const probed = await runProbe({ image, runtime, program });
      const sleepers = execsOf(probed).filter(({ argv }) => argv[0] === '/bin/sleep');
      expect(sleepers).toHaveLength(5);
      for (const { pid } of sleepers)
        expect(exitOf(probed, pid)).toMatchObject({ code: null, signal: 'SIGKILL' });
      expect(probed.result?.manifest.agent.exitCode).toBe(0);
    });
  });
});

/** A shell that starts `/bin/true` so often. */
const loop = (times: number): string =>
  `childProcess.spawnSync('/bin/sh', ['-c', 'i=0; while [ $i -lt ${times} ]; do /bin/true; i=$((i+1)); done'])`;

describe('a great number of processes', () => {
  test('is all there, and costs little', async () => {
    const program = `
      const startedAt = performance.now();
      ${loop(2_000)};
      say(Math.round(performance.now() - startedAt));
    `;
    const probed = await runProbe({ image, runtime: 'runc', program });
    const quick = execsOf(probed).filter(({ path }) => path === '/bin/true');
    expect(new Set(quick.map(({ pid }) => pid)).size).toBe(2_000);
    for (const { pid } of quick) expect(exitOf(probed, pid)).toMatchObject({ code: 0 });
    expect(endOf(probed)).toMatchObject({ dropped: 0 });
  });

  test('is told up to a ceiling, which is told too, and counted beyond', async () => {
    const times = maxRecords + 1_000;
    const probed = await runProbe({ image, runtime: 'runc', program: loop(times) });
    expect(probed.events.filter((event) => event.type === 'exec-capped')).toHaveLength(1);
    expect(entriesOf(probed).filter(({ kind }) => kind !== 'exit')).toHaveLength(maxRecords);
    // The agent and its shell, and what the loop started.
    expect(endOf(probed)).toMatchObject({ execs: times + 2, processes: times + 2 });
    expect(probed.result?.manifest.agent.exitCode).toBe(0);
  });

  test('with arguments of a mebibyte each is cut, not followed', async () => {
    const program = `
      const long = Array.from({ length: 10 }, () => 'x'.repeat(100_000));
      for (let i = 0; i < 20; i += 1) childProcess.spawnSync('/bin/true', long);
    `;
    const probed = await runProbe({ image, runtime: 'runc', program });
    const quick = execsOf(probed).filter(({ path }) => path === '/bin/true');
    expect(quick).toHaveLength(20);
    expect(quick.every(({ truncated }) => truncated)).toBe(true);
  });
});

describe('a record that cannot be made', () => {
  test.each([
    ['does-not-start', '#!/bin/sh\nexit 1\n'],
    ['writes-nothing', '#!/bin/sh\nsleep 1\n'],
    [
      'stops-in-the-middle',
      '#!/bin/sh\n/usr/bin/setpriv --reuid 1000 --regid 1000 --clear-groups sleep 1000 &\n' +
        'exec >/run/sallyport/exec-record\n' +
        'echo "12 1.5 execve(\\"/bin/sh\\", [\\"sh\\"], 0x1 /* 0 vars */) = 0"\nread line\n' +
        'echo "12 1.6 execve(\\"/bin/a\\", [\\"a\\"], 0x1 /* 0 vars */) = 0"\nsleep 1\n',
    ],
    [
      'says-more-than-it-should',
      '#!/bin/sh\nexec >/run/sallyport/exec-record\n' +
        'echo "12 1.5 execve(\\"/bin/sh\\", [\\"sh\\"], 0x1 /* 0 vars */) = 0"\n' +
        'echo "12 1.6 execve(\\"/bin/a\\", [\\"a\\"], 0x1 /* 0 vars */) = 0"\nread line\nsleep 1\n',
    ],
    [
      'holds-something-else',
      '#!/bin/sh\nexec >/run/sallyport/exec-record\n' +
        'echo "12 1.5 execve(\\"/bin/a\\", [\\"a\\"], 0x1 /* 0 vars */) = 0"\nread line\nsleep 1\n',
    ],
  ])('fails the task by name when strace %s', async (name, script) => {
    const other = await probeImage({ name, script });
    const program = 'process.exit(0);';
    const { verdict } = await runVerdict({ image: other, runtime: 'runc', program });
    expect(verdict).toEqual({ status: 'failed', reason: 'sandbox:no-exec-record' });
  });
});
