import { describe, expect, it } from 'vitest';
import { operatorFile, policyIn } from './policy-places.ts';

const sound = 'version: 1\nlimits: { pids: 64 }\n';
const wide = 'version: 1\nlimits: { pids: 1024 }\n';
const organisation = 'version: 1\nlimits: { pids: 100 }\n';

describe('policy check', () => {
  it('has nothing to say of files that narrow', async () => {
    const policy = policyIn({ '.github/sallyport.yml': sound, 'sallyport.yml': organisation });
    expect(await policy('check', '.github/sallyport.yml', 'sallyport.yml')).toEqual({
      code: 0,
      out: 'no faults in 2 files\n',
    });
  });

  it('shows a slip of the pen with its line, a caret and the closest key', async () => {
    const policy = policyIn({ '.github/sallyport.yml': 'version: 1\nlimits:\n  pid: 64\n' });
    const { code, out } = await policy('check', '.github/sallyport.yml');
    expect(code).toBe(1);
    expect(out).toBe(
      [
        '.github/sallyport.yml:3:3: limits.pid: is no key of a policy; did you mean pids?',
        '    3 |   pid: 64',
        '      |   ^',
        '1 fault in 1 file',
        '',
      ].join('\n'),
    );
  });

  it('names both places of what loosens', async () => {
    const policy = policyIn({ '.github/sallyport.yml': wide });
    const { code, out } = await policy('check', '.github/sallyport.yml');
    expect(code).toBe(1);
    expect(out).toContain('.github/sallyport.yml:2:17: limits.pids: 1024 is more than 512');
    expect(out).toContain(`${operatorFile}:52:9: the operator says\n   52 |   pids: 512\n`);
  });

  it('puts the organisation above repositories, and above nothing else', async () => {
    const policy = policyIn({
      'org.yml': organisation,
      '.github/sallyport.yml': 'version: 1\nlimits: { pids: 128 }\n',
      'sallyport.yml': 'version: 1\nlimits: { pids: 128 }\n',
    });
    const given = ['--organisation', 'org.yml'];
    expect((await policy('check', 'sallyport.yml', ...given)).code).toBe(0);
    const { code, out } = await policy('check', '.github/sallyport.yml', ...given);
    expect(code).toBe(1);
    expect(out).toContain('128 is more than 100, the ceiling above (organisation: org.yml:2:17)');
  });

  it.each(['organisation', 'repository'])('takes any file as the %s’s when told', async (layer) => {
    const policy = policyIn({ 'my.yml': wide });
    expect((await policy('check', 'my.yml', '--layer', layer)).code).toBe(1);
  });

  it('asks an operator’s layer to be complete, and nobody above it', async () => {
    const policy = policyIn({ 'op.yml': 'version: 1\n' });
    expect((await policy('check', operatorFile)).code).toBe(0);
    const { code, out } = await policy('check', 'op.yml', '--layer', 'operator');
    expect(code).toBe(1);
    expect(out).toContain('runtime: is not said by any layer');
  });

  it('takes another operator’s layer', async () => {
    const policy = policyIn({ 'op.yml': 'version: 1\n', 'sallyport.yml': sound });
    await expect(policy('check', 'sallyport.yml', '--operator', 'op.yml')).rejects.toMatchObject({
      code: 'policy.invalid',
      message: expect.stringContaining('op.yml:1:1: runtime: is not said') as string,
    });
  });

  it('writes JSON for machines, without a character that a terminal obeys', async () => {
    const hostile = 'version: 1\n"\\u202e\\u009b": 1\n';
    const policy = policyIn({ '.github/sallyport.yml': hostile });
    const { code, out } = await policy('check', '.github/sallyport.yml', '--json');
    expect(code).toBe(1);
    expect(out).not.toMatch(/[\u202e\u009b]/u);
    expect(JSON.parse(out)).toMatchObject({
      faults: 1,
      files: [
        {
          file: '.github/sallyport.yml',
          layer: 'repository',
          faults: [{ code: 'schema', at: { line: 2, column: 1 } }],
        },
      ],
    });
  });

  it('tells bytes that are no policy', async () => {
    const policy = policyIn({ 'sallyport.yml': Buffer.from([0xff, 0xfe]) });
    const { code, out } = await policy('check', 'sallyport.yml');
    expect(code).toBe(1);
    expect(out).toContain('sallyport.yml:1:1: is not UTF-8\n');
  });

  it.each([
    ['no file', ['check'], 'takes one FILE or more'],
    ['a file whose layer is not told', ['check', 'my.yml'], '--layer'],
    ['a layer that there is not', ['check', 'my.yml', '--layer', 'team'], '--layer is one of'],
    ['an option that there is not', ['check', 'my.yml', '--fix'], '--fix'],
    ['another action', ['apply'], 'sallyport policy takes'],
  ])('refuses %s', async (_what, args, message) => {
    await expect(policyIn({})(...args)).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringContaining(message) as string,
    });
  });

  it('says which file cannot be read', async () => {
    await expect(policyIn({})('check', 'sallyport.yml')).rejects.toMatchObject({
      code: 'policy.invalid',
      message: 'sallyport.yml: cannot be read',
    });
  });
});
