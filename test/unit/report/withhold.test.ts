import { describe, expect, it } from 'vitest';
import { findingIdIn, findingMarker } from '../../../src/report/inline/marker.ts';
import { findShownSecret, hasOwnSecret } from '../../../src/report/secret-scan.ts';
import { Withholder } from '../../../src/report/withhold.ts';

/** Put together here, so that no scanner finds a token in this file. */
const token = `ghp_${'q7Zr2KdW9xLm4Tb8Vc1Nf6Hj3Gs5Py0RkEaU'.slice(0, 36)}`;
const own = ['hook-secret-of-the-app'];
const mark = '<!-- sallyport:replies:t0123456789abcdef01234567 -->';

describe('what goes out', () => {
  it('goes out as it is where there is no secret', () => {
    const withholder = new Withholder(own);
    const output = { title: 'Fine', summary: 'All is well.', text: 'More.' };
    const annotation = {
      path: 'a',
      startLine: 1,
      endLine: 1,
      level: 'notice',
      title: '',
      message: 'm',
    } as const;
    const comment = { path: 'a', line: 1, body: 'b' };
    expect(withholder.output(output)).toEqual(output);
    expect(withholder.output({ title: 'Fine', summary: '' })).not.toHaveProperty('text');
    expect(withholder.annotations([annotation])).toEqual([annotation]);
    expect(withholder.comments([comment])).toEqual([comment]);
    expect(withholder.rule).toBeUndefined();
  });

  it.each([
    ['as it is', token],
    ['with Markdown’s escapes', token.replace('_', '\\_')],
    ['with gaps', `${token.slice(0, 9)}&#8203;${token.slice(9)}`],
    ['of the control plane itself', own[0] ?? ''],
  ])('is withheld with a secret in it %s, and keeps our own marks', (_how, secret) => {
    const withholder = new Withholder(own);
    const text = withholder.text(`Look: ${secret}.\n\n${mark}`);
    expect(text).not.toContain(secret);
    expect(text).toMatch(/^Withheld: /);
    expect(text).toContain(mark);
    expect(withholder.rule).toBe(secret === own[0] ? 'own-secret' : 'github-token');
  });

  it('keeps the mark of a finding where it is looked for, and before any that the text forged', () => {
    const forged = findingMarker('b'.repeat(12));
    const text = new Withholder(own).text(`${findingMarker('a'.repeat(12))}\n\n${token} ${forged}`);
    expect(text).not.toContain(token);
    expect(findingIdIn(text)).toBe('a'.repeat(12));
    expect(findingIdIn(new Withholder(own).text(`${token}\n${forged}`))).toBeUndefined();
  });

  it('keeps no mark that is none of ours', () => {
    const text = new Withholder(own).text(`<!-- sallyport:x:${token} --> <!-- ${token} -->`);
    expect(text).not.toContain('<!--');
  });

  it('loses of a check the part alone that has it', () => {
    const withholder = new Withholder(own);
    expect(withholder.output({ title: token, summary: 'Fine.', text: token })).toEqual({
      title: 'Withheld',
      summary: 'Fine.',
      text: expect.stringMatching(/^Withheld: /) as string,
    });
  });

  it('loses annotations and comments whose path has it, and comments that have it', () => {
    const withholder = new Withholder(own);
    const at = { startLine: 1, endLine: 1, level: 'notice', title: 'T' } as const;
    const annotations = [
      { ...at, path: token, message: 'm' },
      { ...at, path: 'a', message: token },
      { ...at, path: 'b', message: 'fine' },
    ];
    expect(withholder.annotations(annotations)).toMatchObject([
      { path: 'a', title: 'Withheld', message: expect.stringMatching(/^Withheld: /) as string },
      { path: 'b', title: 'T', message: 'fine' },
    ]);
    const comments = [
      { path: token, line: 1, body: 'b' },
      { path: 'a', line: 1, body: token },
      { path: 'b', line: 1, body: 'fine' },
    ];
    expect(withholder.comments(comments)).toEqual(comments.slice(2));
  });

  it('is told by the first rule that found one', () => {
    const withholder = new Withholder(own);
    expect(withholder.has('fine', token)).toBe(true);
    expect(withholder.has(own[0] ?? '')).toBe(true);
    expect(withholder.rule).toBe('github-token');
  });
});

it('a secret of a few characters is not looked for: it would be anywhere', () => {
  expect(hasOwnSecret('a secret of seven', ['seven'])).toBe(false);
  expect(findShownSecret('plain', { canary: null, own: ['plain'] })).toBeUndefined();
});
