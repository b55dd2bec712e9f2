import { beforeAll, describe, expect, test } from 'vitest';
import { hasCode } from '../../src/errors.ts';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { type Probed, runProbe } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

function changesOf({ result, error }: Probed): readonly unknown[] {
  if (result === undefined) throw new Error('the sandbox gave no result', { cause: error });
  return result.manifest.changes;
}

type Refused = { readonly kind: 'refused'; readonly path: string; readonly reason: string };

const refused = (path: string, reason: string): Refused => ({ kind: 'refused', path, reason });

describe.each(runtimes)('what an agent leaves under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('is refused by name when it is not a plain file', async () => {
      const head = {
        'link-kept': { link: 'plain' },
        'link-changed': { link: 'plain' },
        'link-to-file': { link: 'plain' },
        plain: 'plain\n',
        unreadable: 'text\n',
        'closed/inside': 'text\n',
      };
      const program = `
        fs.unlinkSync('link-changed'); fs.symlinkSync('/etc/shadow', 'link-changed');
        fs.unlinkSync('link-to-file'); fs.writeFileSync('link-to-file', 'text');
        fs.symlinkSync('/', 'link-new');
        childProcess.execFileSync('mkfifo', ['pipe']);
        python('import socket; socket.socket(socket.AF_UNIX).bind("socket")');
        fs.linkSync('plain', 'hard-link');
        fs.chmodSync('unreadable', 0);
        fs.chmodSync('closed', 0);
        fs.writeFileSync('setuid', 'x'); fs.chmodSync('setuid', 0o4755);
        fs.mkdirSync('.git/hooks', { recursive: true }); fs.writeFileSync('.git/hooks/post-checkout', 'x', { mode: 0o755 });
        fs.mkdirSync('sub/.GIT', { recursive: true }); fs.writeFileSync('sub/.GIT/config', 'x');
        fs.writeFileSync(Buffer.from([0x61, 0xff]), 'x');
        fs.writeFileSync('large', ''); fs.truncateSync('large', 5 * 1024 * 1024);
      `;
      const changes = changesOf(await runProbe({ image, runtime, program, head }));
      expect(changes).toEqual(
        [
          refused('.git', 'bad-path'),
          refused('a\u00ff', 'bad-path'),
          refused('closed', 'unreadable'),
          { kind: 'write', path: 'hard-link', executable: false, bytes: 6 },
          refused('large', 'too-large'),
          refused('link-changed', 'symlink'),
          refused('link-new', 'symlink'),
          refused('link-to-file', 'symlink'),
          refused('pipe', 'special-file'),
          refused('setuid', 'mode'),
          refused('socket', 'special-file'),
          refused('sub/.GIT', 'bad-path'),
          refused('unreadable', 'unreadable'),
        ].sort((a, b) => (a.path < b.path ? -1 : 1)),
      );
    });

    test('ends the task by the limit’s name when there are too many files', async () => {
      const program = `for (let i = 0; i < 5000; i += 1) fs.writeFileSync('f' + i, 'x');`;
      const limits = { workspaceInodes: 10_000 };
      const { error } = await runProbe({ image, runtime, program, limits });
      expect(hasCode(error, 'result.limit')).toBe(true);
      expect(String(error)).toContain('resultFiles');
    });

    test('ends the task by the limit’s name when there are too many bytes', async () => {
      const program = `for (let i = 0; i < 5; i += 1) fs.writeFileSync('f' + i, Buffer.alloc(1 << 20));`;
      const { error } = await runProbe({ image, runtime, program });
      expect(hasCode(error, 'result.limit')).toBe(true);
      expect(String(error)).toContain('resultBytes');
    });

    test('is not followed down without end', async () => {
      const program = `
        for (let i = 0; i < 1500; i += 1) { fs.mkdirSync('deep'); process.chdir('deep'); }
        fs.writeFileSync('bottom', 'x');
      `;
      const [change, ...rest] = changesOf(await runProbe({ image, runtime, program }));
      const deepest = Array.from({ length: 101 }, () => 'deep').join('/');
      expect([change, ...rest]).toEqual([refused(deepest, 'bad-path')]);
    });

    test('stands still: what the agent left running is dead before it is read', async () => {
      const code = `
import os, signal, time
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
for n in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(n, signal.SIG_IGN)
i = 0
while True:
    i += 1
    with open('/workspace/ticks', 'w') as f: f.write(str(i) * 100)
    os.fork() or time.sleep(1) or os._exit(0)`;
      const program = `
        const code = ${JSON.stringify(code)};
        childProcess.spawn('python3', ['-c', code], { stdio: 'inherit', detached: true }).unref();
        while (!fs.existsSync('ticks')) await new Promise((resolve) => setTimeout(resolve, 5));
        process.exit(0);
      `;
      const { result, exit } = await runProbe({ image, runtime, program, limits: { pids: 128 } });
      const [change] = result?.manifest.changes ?? [];
      expect(change).toMatchObject({ kind: 'write', path: 'ticks' });
      expect(exit).toEqual({ exitCode: 0, oomKilled: false });
    });

    test.each([
      ['a link', `fs.symlinkSync('/etc/passwd', '/out/report.json')`, 'not a regular file'],
      ['a pipe', `childProcess.execFileSync('mkfifo', ['/out/report.json'])`, 'not a regular file'],
      ['a folder', `fs.mkdirSync('/out/report.json')`, 'not a regular file'],
      ['too large', `fs.writeFileSync('/out/report.json', Buffer.alloc(7 << 20, 32))`, 'over'],
      ['not JSON', `fs.writeFileSync('/out/report.json', '{')`, 'not JSON'],
      ['deep', `fs.writeFileSync('/out/report.json', '['.repeat(1e6) + ']'.repeat(1e6))`, ''],
      ['of another shape', `fs.writeFileSync('/out/report.json', '{"findings":{}}')`, 'findings'],
      ['unreadable', `fs.writeFileSync('/out/report.json', '{}', { mode: 0 })`, 'EACCES'],
    ])('is no report when the report is %s', async (_, program, reason) => {
      const { result } = await runProbe({ image, runtime, program });
      expect(result?.manifest.report).toBeNull();
      expect(result?.manifest.reportError).toContain(reason);
    });
  });
});
