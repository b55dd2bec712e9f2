import { describe, expect, it } from 'vitest';
import { readReviewOptions } from '../../../src/cli/review-options.ts';

const refs = ['--base', 'main', '--head', 'HEAD'];

describe('readReviewOptions', () => {
  it.each([
    ['.', '/work'],
    ['repo/', '/work/repo'],
    ['../repo', '/repo'],
    ['/srv/repo', '/srv/repo'],
  ])('means %s from where the command was called', (path, absolute) => {
    const options = readReviewOptions([path, ...refs], '/work');
    expect(options).toMatchObject({ path: absolute, base: 'main', head: 'HEAD', fix: false });
    expect(options.format).toBeUndefined();
  });

  it('takes every option', () => {
    const args = ['r', ...refs, '--fix', '--format', 'sarif', '--runtime', 'runsc'];
    expect(readReviewOptions(args, '/')).toMatchObject({
      fix: true,
      format: 'sarif',
      runtime: 'runsc',
    });
  });

  it.each([
    [[...refs], 'one PATH'],
    [['a', 'b', ...refs], 'one PATH'],
    [['a', '--base', 'x'], '--head REF is needed'],
    [['a', '--head', 'x'], '--base REF is needed'],
    [['a', '--base', '', '--head', 'x'], '--base'],
    [['a', ...refs, '--format', 'xml'], '--format is text, json, sarif or rdjsonl'],
    [['a', ...refs, '--runtime', 'kata'], '--runtime is runc or runsc'],
    [['a', ...refs, '--apply'], '--apply'],
  ])('refuses %j and says why', (args, reason) => {
    expect(() => readReviewOptions(args, '/')).toThrow(
      expect.objectContaining({
        code: 'usage.invalid',
        message: expect.stringContaining(reason) as string,
      }),
    );
  });
});
