import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testEngine } from '../support/engine.ts';
import { agentImage, buildImageMs } from '../support/images/agent-image.ts';

const run = promisify(execFile);
const mainFile = join(import.meta.dirname, '../demo/main.ts');

describe('the demo with an agent', { timeout: 900_000 }, () => {
  /** The demo's TMPDIR: whatever it forgets to remove is found here. */
  let temp: string;

  beforeAll(() => agentImage('claude-code'), buildImageMs);

  beforeEach(async () => {
    temp = await mkdtemp(join(tmpdir(), 'demo-agent-'));
  });

  afterEach(() => rm(temp, { recursive: true, force: true }));

  /** Nobody's key is in its environment. */
  function demo(...args: readonly string[]) {
    const { ANTHROPIC_API_KEY: _1, OPENAI_API_KEY: _2, ...env } = process.env;
    const place = { TMPDIR: temp, DOCKER_HOST: `unix://${testEngine().socketPath}` };
    return run(process.execPath, [mainFile, ...args], { env: { ...env, ...place } });
  }

  it('has it review the sample and mend what it found, by a scripted model and without a key', async () => {
    const { stdout } = await demo('--json', '--agent', 'claude-code', '--model', 'scripted');
    expect(JSON.parse(stdout)).toMatchObject({
      check: { conclusion: 'failure', annotations: 2 },
      suggestions: 1,
      refused: 1,
      commit: { author: 'sallyport[bot]' },
      ledger: { verified: true },
      // Three turns each: the review, the fix; and two for the review of what was mended.
      agent: { name: 'claude-code', isScripted: true, requests: 8, tokens: 8 * 130 },
    });
    expect(await readdir(temp)).toEqual([]);
  });

  it('says which key a real model needs', async () => {
    const refused = demo('--agent', 'claude-code', '--model', 'live');
    await expect(refused).rejects.toThrow('your key in ANTHROPIC_API_KEY');
  });
});
