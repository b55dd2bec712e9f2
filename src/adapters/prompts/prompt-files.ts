import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PromptPurpose } from '../../domain/purpose.ts';
import { SallyportError } from '../../errors.ts';
import type { PromptTexts } from '../../ports/prompt-texts.ts';

/** Most bytes of one file: a prompt has room for them beside its data. */
const maxBytes = 32 * 1024;

/** Reads `<purpose>.md` of a folder, for every purpose. @throws SallyportError `config.invalid` */
export function readPromptTexts(folder: string): PromptTexts {
  const texts = PromptPurpose.options.map((purpose) => [purpose, readText(folder, purpose)]);
  return Object.fromEntries(texts) as PromptTexts;
}

function readText(folder: string, purpose: PromptPurpose): string {
  const file = join(folder, `${purpose}.md`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    if (text.trim() === '' || Buffer.byteLength(text) > maxBytes)
      throw new SallyportError('config.invalid', `${file}: has 1 byte to 32 KiB of text`);
    return text;
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError('config.invalid', `${file}: cannot be read`, { cause });
  }
}
