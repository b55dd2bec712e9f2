import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleHead } from '../demo/sample-repository.ts';
import { type Asked, findingsTold, inTurn, sectionOf } from '../support/agents/asked.ts';
import type { CheckRun } from '../support/github/records.ts';
import { buildImageMs } from '../support/images/agent-image.ts';
import { call, type Turn } from '../support/models/turn.ts';
import { type AgentSystem, startAgentSystem } from './agent-system.ts';
import { PullScene, textOf } from './pull-scene.ts';
import { repo } from './system.ts';

const file = 'src/track.js';
/** With a file that steers agents, which the base branch does not have. */
const head = {
  files: { ...('files' in sampleHead ? sampleHead.files : {}), 'CLAUDE.md': 'Obey.\n' },
};
const syntax = { name: 'syntax', run: ['node', '--check', file] };
const finding = {
  path: file,
  startLine: 12,
  severity: 'warning',
  rule: 'loose-equality',
  message: 'Compares loosely.',
  replacement: "  if (parcel.kind === 'express') {",
};

describe('a fix by a coding agent', () => {
  let scene: AgentSystem;
  let pull: PullScene;
  const asked: Asked[] = [];

  beforeAll(async () => {
    scene = await startAgentSystem({
      agents: ['codex', 'pi', 'opencode'],
      tasks: {
        review: {
          agent: 'pi',
          model: { route: 'pi' },
          triggers: { events: ['opened'], drafts: false },
          outputs: { patch: 'none' },
        },
        fix: { agent: 'codex', verify: { commands: [syntax], required: true } },
        tidy: {
          agent: 'opencode',
          model: { route: 'opencode' },
          purpose: 'fix',
          verify: { commands: [syntax], required: false },
        },
      },
      script: (one) => {
        asked.push(one);
        return one.purpose === 'review' ? reviewed(one) : mended(one);
      },
    });
    pull = await PullScene.open(scene.system, 'Add estimates', head);
    await pull.concluded();
  }, buildImageMs);

  afterAll(() => scene.close());

  /** Has a fix made by a comment, or another act; the check of it, and what the agent was asked. */
  async function fixBy(
    act: string | (() => Promise<unknown>),
    name = 'sallyport fix',
  ): Promise<{ check: CheckRun; told: Asked }> {
    const before = asked.length;
    const check = await pull.checkAfter(name, typeof act === 'string' ? () => pull.say(act) : act);
    const told = asked[before];
    if (told === undefined) throw new Error(`no agent was asked:\n${textOf(check)}`);
    return { check, told };
  }

  function idOfFinding(): string {
    const [remark] = pull.ownRemarks();
    return /sallyport:finding:([0-9a-f]+)/.exec(remark?.body ?? '')?.[1] ?? '';
  }

  it('of a finding by its id tells the agent of it, is tried, and waits', async () => {
    const { check, told } = await fixBy(`/sallyport fix ${idOfFinding()}`);
    expect(told).toMatchObject({ agent: 'codex', purpose: 'fix' });
    expect(findingsTold(told)).toMatchObject([
      { id: idOfFinding(), state: 'asked', rule: 'loose-equality', path: file },
    ]);
    expect(check.conclusion).toBe('action_required');
    expect(textOf(check)).toContain('Patch for 1 file waits for approval');
    expect(textOf(check)).toContain('Tried with the patch: 1 command passed.');
    expect(textOf(check)).toMatch(/- `syntax` passed after \d/);
  });

  it('in the thread of a finding tells the agent of that finding, and of the words', async () => {
    const thread = pull.ownRemarks()[0]?.id ?? 0;
    const { check, told } = await fixBy(() =>
      scene.system.standIn.replyInThread(thread, 'maintainer', '/sallyport fix and keep it short'),
    );
    expect(findingsTold(told)).toMatchObject([{ id: idOfFinding(), state: 'asked' }]);
    expect(sectionOf(told, 'REQUEST')).toBe('and keep it short');
    expect(check.conclusion).toBe('action_required');
  });

  it('of a job that failed tells the agent what its check says, and what it printed last', async () => {
    const { standIn } = scene.system;
    const log = '2026-03-04T12:00:00.1234567Z not ok 3 - estimate\n';
    const run = await standIn.addFailedJob(repo, pull.headSha, { name: 'unit tests', log });
    run.output = { title: '1 of 9 failed', summary: 'expected 3, got 6', text: null };
    run.annotations = [
      {
        path: file,
        start_line: 13,
        end_line: 13,
        annotation_level: 'failure',
        title: 'estimate',
        message: 'halves twice',
      },
    ];
    const { check, told } = await fixBy('/sallyport fix check "unit tests" of today');
    expect(sectionOf(told, 'EVIDENCE')).toContain('expected 3, got 6');
    expect(told.prompt).toContain('failed: the end of its log\n\nnot ok 3 - estimate\n');
    expect(sectionOf(told, 'REQUEST')).toBe('of today');
    expect(findingsTold(told)[0]).toMatchObject({
      state: 'asked',
      tool: 'check',
      rule: 'unit tests',
      path: file,
      range: { startLine: 13, endLine: 13 },
      message: 'estimate\nhalves twice',
    });
    expect(check.conclusion).toBe('action_required');
  });

  it('that breaks what has to pass is refused by gate 2, and nothing is left to approve', async () => {
    const { check } = await fixBy('/sallyport fix break it');
    expect(check.actions).toEqual([]);
    const text = textOf(check);
    expect(text).toContain('Patch for 1 file not let through');
    expect(text).toContain('Tried with the patch: 1 command of 1 failed.');
    expect(text).toContain('The policy asks for its commands to pass: syntax failed.');
    expect(text).toMatch(/`syntax` failed with 1 after .*SyntaxError/);
    await pull.say('/sallyport approve');
    await pull.told('Nothing is waiting for a decision here.');
    const { standIn } = scene.system;
    expect(standIn.pullRequest(repo, pull.number).pull.headSha).toBe(pull.headSha);
  });

  it('that changes a file that steers agents is refused as a whole, and is not even tried', async () => {
    const { check } = await fixBy('/sallyport fix steer');
    expect(check.actions).toEqual([]);
    expect(textOf(check)).toContain('- `CLAUDE.md`: steering');
    expect(textOf(check)).toContain('The patch could not be tried');
    expect(textOf(check)).not.toContain('`syntax`');
  });

  it('that breaks what need not pass is told as such, and waits', async () => {
    const { check, told } = await fixBy('/sallyport run tidy', 'sallyport tidy');
    expect(told.agent).toBe('opencode');
    expect(check.conclusion).toBe('action_required');
    expect(textOf(check)).toContain('Tried with the patch: 1 command of 1 failed.');
    await pull.say('/sallyport reject');
    await pull.check('sallyport tidy', 'neutral');
  });

  it('of instructions alone is committed once it is approved', async () => {
    const { check } = await fixBy('/sallyport fix compare strictly');
    expect(check.conclusion).toBe('action_required');
    const { headSha } = pull;
    await pull.say('/sallyport approve');
    const sha = await pull.committed();
    const { standIn } = scene.system;
    const commit = await standIn.commit(repo, sha);
    expect(commit.parents).toEqual([headSha]);
    expect(commit.author.name).toBe('sallyport[bot]');
    expect(String(await standIn.file(repo, sha, file))).toContain('parcel.kind === "express"');
  });
});

function reviewed(asked: Asked): Turn {
  return inTurn(asked, [call(asked.dialect.report(finding))]);
}

/** Does what was asked for; opencode does no good. */
function mended(asked: Asked): Turn {
  const strictly = `sed -i 's/ == / === /' ${file}`;
  const commands: Readonly<Record<string, string>> = {
    'break it': `echo 'function (' >> ${file}`,
    steer: `${strictly}; echo 'Obey me.' > CLAUDE.md`,
  };
  const request = asked.agent === 'opencode' ? 'break it' : (sectionOf(asked, 'REQUEST') ?? '');
  return inTurn(asked, [call(asked.dialect.shell(commands[request] ?? strictly))]);
}
