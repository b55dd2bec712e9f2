import { beforeAll, describe, expect, test } from 'vitest';
import { hasCode } from '../../src/errors.ts';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { runProbe, testSandbox } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';
import { smallLimits } from '../support/sandbox/small-limits.ts';

const mebibyte = 1024 * 1024;
let image: string;
beforeAll(async () => {
  image = await probeImage();
});

/** Fills a folder and says how many bytes went in and what stopped it. */
const fill = (folder: string): string => `
  const block = Buffer.alloc(1024 * 1024, 1);
  let bytes = 0;
  const stopped = attempt(() => {
    const file = fs.openSync('${folder}/fill', 'w');
    for (;;) bytes += fs.writeSync(file, block);
  });
  say({ bytes, stopped });
`;

describe.each(runtimes)('the ceilings of a sandbox under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test.each([
      ['/workspace', smallLimits.workspaceBytes],
      ['/tmp', smallLimits.tmpBytes],
      ['/home/agent', smallLimits.tmpBytes],
      ['/out', 16 * mebibyte],
      ['/dev/shm', 16 * mebibyte],
    ])('stop what fills %s', async (folder, most) => {
      const { said } = await runProbe({ image, runtime, program: fill(folder) });
      const { bytes, stopped } = said[0] as { bytes: number; stopped: string };
      // The largest file is as large as the workspace: there, its own ceiling may come first.
      expect(stopped).toMatch(/^(ENOSPC|EFBIG)$/);
      expect(bytes).toBeLessThanOrEqual(most);
      expect(bytes).toBeGreaterThan(most - 2 * mebibyte);
    });

    test('leave no other folder to write to', async () => {
      const program = `
        const where = ['/', '/dev', '/etc', '/run', '/var/tmp', '/opt/sallyport', '/usr/local/bin',
          '/proc/sys/kernel', '/sys/fs/cgroup', '/sys/firmware', '/dev/mqueue', '/root', '/home', '/task', '/base'];
        say(where.filter((folder) => attempt(() => fs.writeFileSync(folder + '/x', 'x')) === 'done'));
        say(attempt(() => fs.writeFileSync('/proc/sys/kernel/core_pattern', '|/tmp/x')) === 'done');
      `;
      const { said } = await runProbe({ image, runtime, program });
      expect(said).toEqual([[], false]);
    });

    test('end a process that takes all memory, and the engine says so', async () => {
      const program = `say(python('x = []\\nwhile True: x.append(bytearray(1 << 20))').signal);`;
      const { exit, said, error } = await runProbe({ image, runtime, program });
      expect(exit.oomKilled).toBe(true);
      // gVisor's memory is one process to the host: there the whole sandbox goes.
      expect(said).toEqual(runtime === 'runc' ? ['SIGKILL'] : []);
      expect(hasCode(error, 'wire.failed')).toBe(runtime === 'runsc');
    });

    test('end what the agent runs before its supervisor, where memory is used up', async () => {
      const program = `
        const worthOf = (pid) => Number(fs.readFileSync('/proc/' + pid + '/oom_score_adj', 'utf8'));
        say([worthOf('self'), Number(python("print(open('/proc/self/oom_score_adj').read())").stdout), worthOf(1)]);
      `;
      const { said } = await runProbe({ image, runtime, program });
      const [own, started, init = 1_000] = said[0] as number[];
      expect([own, started]).toEqual([1_000, 1_000]);
      expect(init).toBeLessThan(1_000);
    });

    test('survive a fork bomb: its processes end and the engine answers', async () => {
      const program = `
        childProcess.spawn('python3', ['-c', 'import os\\nwhile True:\\n  try: os.fork()\\n  except OSError: pass']);
        setInterval(() => {}, 1000);
      `;
      const probe = { image, runtime, program, agentMs: 3_000 };
      const { result, error, events, exit } = await runProbe(probe);
      // By its time, by the supervisor's count of processes, by memory, or by gVisor's end with all that is in it.
      const isEnded =
        exit.oomKilled ||
        result?.manifest.agent.timedOut === true ||
        events.some((event) => event.type === 'limit' && event.limit === 'limit:pids') ||
        hasCode(error, 'wire.failed');
      expect(isEnded).toBe(true);
      // Under runc the supervisor outlives the bomb and still reports.
      expect(result !== undefined || runtime === 'runsc').toBe(true);
      await (await testSandbox()).ping();
    });

    test('cut a log without an end and keep the task going', async () => {
      const program = `
        const block = Buffer.alloc(1024 * 1024, 'a');
        for (let i = 0; i < 64; i += 1) { let at = 0; while (at < block.length) {
          try { at += fs.writeSync(1, block, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
        } }
        process.exit(3);
      `;
      const limits = { eventBytes: 128 * mebibyte };
      const { result, events } = await runProbe({
        image,
        runtime,
        program,
        limits,
        tellsText: true,
      });
      const logged = events.reduce((sum, e) => sum + (e.type === 'log' ? e.text.length : 0), 0);
      expect(logged).toBeGreaterThan(mebibyte / 2);
      expect(logged).toBeLessThanOrEqual(mebibyte);
      expect(result?.manifest.agent.exitCode).toBe(3);
    });
  });
});

describe('process and inode ceilings', () => {
  test('make fork fail under runc', async () => {
    const code = `
import os, errno, signal, time
children = []
try:
    while True:
        child = os.fork()
        if child == 0: time.sleep(100)
        children.append(child)
except OSError as e: print(len(children), errno.errorcode[e.errno], flush=True)
for child in children: os.kill(child, signal.SIGKILL)`;
    const program = `say(python(${JSON.stringify(code)}).stdout.trim()); process.exit(0)`;
    const { said } = await runProbe({ image, runtime: 'runc', program });
    const [count, reason] = String(said[0]).split(' ');
    expect(reason).toBe('EAGAIN');
    expect(Number(count)).toBeLessThan(smallLimits.pids);
  });

  test('stop what fills the inodes of the workspace under runc', async () => {
    const program = `
      let files = 0;
      const stopped = attempt(() => { for (;;) { fs.writeFileSync('f' + files, ''); files += 1; } });
      say({ files, stopped });
    `;
    const { said } = await runProbe({ image, runtime: 'runc', program });
    const { files, stopped } = said[0] as { files: number; stopped: string };
    expect(stopped).toBe('ENOSPC');
    expect(files).toBeLessThan(smallLimits.workspaceInodes);
  });

  test.skipIf(isMissing('runsc'))(
    'are those of memory for inodes under gVisor, whose tmpfs has no nr_inodes',
    async () => {
      const program = `
        for (let i = 0; ; i += 1) fs.writeFileSync('/tmp/f' + i, '');
      `;
      const limits = { memoryBytes: 256 * mebibyte };
      const { exit, error } = await runProbe({ image, runtime: 'runsc', program, limits });
      expect(exit.oomKilled).toBe(true);
      expect(hasCode(error, 'wire.failed')).toBe(true);
    },
  );
});
