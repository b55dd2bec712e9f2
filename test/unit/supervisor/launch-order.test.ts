import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { launcher, launchOrder } from '../../../workers/supervisor/exec-record/launcher.ts';
import { probeTask } from '../../support/sandbox/probe-task.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';

type Words = { readonly canary?: string; readonly modelKey?: string };

const input = probeTask(taskIdFor('launch', 'review'), '', { limits: smallLimits, agentMs: 1 });
const orderFor = ({ canary, modelKey }: Words) => launchOrder({ input, canary, modelKey });

let folder: string;
/** In the place of node: tells what it was started with, before a shell adds anything. */
let program: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-'));
  program = join(folder, 'tell');
  writeFileSync(program, '#!/bin/sh\ncat /proc/$$/environ; printf "%s\\0" "agent=$1"\n', {
    mode: 0o755,
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

function startedWith(words: Words): Record<string, string> {
  const [shell = '', option = '', script = ''] = launcher;
  const told = execFileSync(shell, [option, script, program], {
    input: orderFor(words),
    env: { PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
  });
  const pairs = told.matchAll(/([^=\0]+)=([^\0]*)\0/g);
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]));
}

describe('the order for an agent', () => {
  test.each<[string, Words, object]>([
    ['no word', {}, {}],
    ['a canary alone', { canary: 'dk0123' }, { DEPLOY_TOKEN: 'dk0123' }],
    ['a key alone', { modelKey: 'sk-ant-x' }, { SALLYPORT_MODEL_KEY: 'sk-ant-x' }],
    [
      'both, whatever they are made of',
      { canary: 'dk0123', modelKey: 'sk-$(id)`id`"\'\\*=;' },
      { DEPLOY_TOKEN: 'dk0123', SALLYPORT_MODEL_KEY: 'sk-$(id)`id`"\'\\*=;' },
    ],
  ])('gives it %s and nothing else', (_, words, expected) => {
    expect(startedWith(words)).toEqual({
      PATH: '/usr/bin:/bin',
      SOURCE_DATE_EPOCH: '1700000000',
      agent: '/opt/sallyport/agents/probe.js',
      ...expected,
    });
  });

  test.each(['', '-', 'a b', 'a\nb', 'a\tb', 'ä', 'x'.repeat(4_097)])(
    'has no word that is not one: %j',
    (word) => {
      expect(() => orderFor({ modelKey: word })).toThrow('no word');
      expect(() => orderFor({ canary: word })).toThrow('no word');
    },
  );
});
