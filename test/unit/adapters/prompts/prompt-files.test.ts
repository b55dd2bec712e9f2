import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readPromptTexts } from '../../../../src/adapters/prompts/prompt-files.ts';
import { PromptPurpose } from '../../../../src/domain/purpose.ts';

const shipped = new URL('../../../../policies/instructions', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'prompt-files-'));

beforeEach(() => cpSync(shipped, folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readPromptTexts', () => {
  it('reads the text of every purpose as it ships', () => {
    const texts = readPromptTexts(shipped);
    expect(Object.keys(texts).sort()).toEqual([...PromptPurpose.options].sort());
    for (const text of Object.values(texts)) expect(text).toMatch(/^# Task: /);
  });

  it.each([
    ['is missing', () => rmSync(join(folder, 'fix.md'))],
    ['is empty', () => writeFileSync(join(folder, 'fix.md'), ' \n')],
    ['is too large', () => writeFileSync(join(folder, 'fix.md'), 'a'.repeat(32 * 1024 + 1))],
    ['is no UTF-8', () => writeFileSync(join(folder, 'fix.md'), Buffer.from([0x61, 0xff]))],
  ])('refuses a folder of which a file %s', (_what, spoil) => {
    spoil();
    expect(() => readPromptTexts(folder)).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
  });
});
