import { describe, expect, test } from 'vitest';
import { execWithin } from '../../../workers/agents/linters/exec.ts';

const limits = {
  toolPath: '/usr/bin:/bin',
  home: '/tmp',
  timeoutMs: 5_000,
  remainingMs: () => 5_000,
  maxOutputBytes: 1_000,
};
const shell = (script: string) => ({ tool: 'sh', args: ['-c', script], cwd: '/tmp' });

describe('execWithin', () => {
  test('gives exit code and both outputs, and passes stdin', async () => {
    const result = await execWithin(limits)({ ...shell('cat; echo e >&2; exit 3'), stdin: 'in' });
    expect(result).toEqual({ ok: true, code: 3, stdout: 'in', stderr: 'e\n' });
  });

  test('nothing of this process environment reaches the tool', async () => {
    const result = await execWithin(limits)({ tool: 'env', args: [], cwd: '/tmp' });
    const names = (result.ok ? result.stdout : '').match(/^\w+(?==)/gm) ?? [];
    expect(names.sort()).toEqual([
      'HOME',
      'LANG',
      'LC_ALL',
      'NO_COLOR',
      'PATH',
      'PYTHONDONTWRITEBYTECODE',
      'PYTHONHASHSEED',
      'PYTHONNOUSERSITE',
      'PYTHONUTF8',
      'TMPDIR',
      'TZ',
      'XDG_CACHE_HOME',
      'XDG_CONFIG_HOME',
    ]);
  });

  test.each([
    [
      'a missing program',
      { tool: 'no-such-tool', args: [], cwd: '/tmp' },
      {},
      'could not be started',
    ],
    ['a missing folder', { tool: 'true', args: [], cwd: '/no/such' }, {}, 'could not be started'],
    ['a flood', shell('yes'), {}, 'wrote too much'],
    ['a flood of complaints', shell('yes >&2'), {}, 'wrote too much'],
    ['a sleeper with a child', shell('sleep 60 & sleep 60'), { timeoutMs: 200 }, 'ran out of time'],
    ['no time at all', shell('true'), { remainingMs: () => 0 }, 'no time was left for it'],
    ['a crash', shell('kill -ABRT $$'), {}, 'was ended by SIGABRT'],
  ])('%s is a reason, not an exception', async (_, command, change, why) => {
    expect(await execWithin({ ...limits, ...change })(command)).toEqual({ ok: false, why });
  });

  test('a tool that does not read its input does no harm', async () => {
    const result = await execWithin(limits)({ ...shell('exit 0'), stdin: 'x'.repeat(10_000_000) });
    expect(result).toMatchObject({ ok: true, code: 0 });
  });
});
