import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { policyCommand } from '../../../../src/cli/policy/command.ts';
import type { PolicyGitHub } from '../../../../src/cli/policy/repository-options.ts';

export const operatorFile = resolve('test/fixtures/policy/operator.yml');

function noGitHub(): never {
  throw new Error('this test has no GitHub');
}

/** A folder with these files that is gone after the test, and the command as it is called there. */
export function policyIn(
  files: Readonly<Record<string, string | Buffer>>,
  github: () => PolicyGitHub = noGitHub,
) {
  const workingDir = mkdtempSync(join(tmpdir(), 'sallyport-policy-'));
  onTestFinished(() => rmSync(workingDir, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(workingDir, dirname(name)), { recursive: true });
    writeFileSync(join(workingDir, name), content);
  }
  return async (...args: readonly string[]) => {
    const written: string[] = [];
    const write = (text: string): void => void written.push(text);
    const places = { workingDir, policyFile: operatorFile, appId: 4242, github };
    const code = await policyCommand(args, { ...places, write });
    return { code, out: written.join('') };
  };
}
