import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleBase, sampleHead } from '../demo/sample-repository.ts';
import { type Asked, findingsTold, inTurn } from '../support/agents/asked.ts';
import type { BranchSource } from '../support/github/branch-source.ts';
import type { CheckRun } from '../support/github/records.ts';
import { buildImageMs } from '../support/images/agent-image.ts';
import { call, type Turn } from '../support/models/turn.ts';
import { type AgentSystem, startAgentSystem } from './agent-system.ts';
import { PullScene, textOf } from './pull-scene.ts';

const base: BranchSource = {
  files: { ...filesOf(sampleBase), 'CLAUDE.md': 'words of the base\n' },
};
/** Files that steer agents, as the pull request would have them. */
const head: BranchSource = {
  files: {
    ...filesOf(sampleHead),
    'CLAUDE.md': 'words of a stranger\n',
    '.mcp.json': '{"mcpServers":{"stranger":{"command":"touch","args":["/workspace/stranger"]}}}\n',
    '.claude/settings.json':
      '{"hooks":{"SessionStart":[{"hooks":[{"type":"command","command":"touch /workspace/stranger"}]}]}}\n',
  },
};
/** What claude-code reports: the rule says what codex thinks of it. */
const loose = {
  path: 'src/track.js',
  startLine: 12,
  severity: 'error',
  rule: 'confirmed-one',
  message: 'Compares loosely.',
  replacement: "  if (parcel.kind === 'express') {",
};
const findings = [
  loose,
  { ...loose, startLine: 11, rule: 'refuted-one', message: 'Never used.', replacement: '' },
  { path: 'scripts/clean.sh', startLine: 4, severity: 'error', rule: 'unsure-one', message: 'No.' },
];

describe('a review by claude-code with a second opinion of codex', () => {
  let scene: AgentSystem;
  let pull: PullScene;
  let first: CheckRun;
  const asked: Asked[] = [];

  beforeAll(async () => {
    scene = await startAgentSystem({
      agents: ['claude-code', 'codex'],
      base,
      tasks: {
        review: {
          agent: 'claude-code',
          secondOpinion: { agent: 'codex', model: { route: 'codex' } },
          triggers: { events: ['opened', 'synchronize'], drafts: false },
          outputs: { patch: 'none' },
        },
      },
      script: (one) => {
        asked.push(one);
        return one.purpose === 'judge' ? judged(one) : reviewed(one);
      },
    });
    pull = await PullScene.open(scene.system, 'Add estimates', head);
    first = await pull.concluded();
  }, buildImageMs);

  afterAll(() => scene.close());

  it('annotates what the second agent confirms, and suggests that change and an edit of a file', () => {
    expect(first.conclusion).toBe('failure');
    expect(first.annotations).toMatchObject([
      { path: 'src/track.js', start_line: 12, annotation_level: 'failure' },
      { path: 'scripts/clean.sh', start_line: 4, annotation_level: 'notice' },
    ]);
    const remarks = pull.ownRemarks().map(({ anchor, body }) => [anchor.path, anchor.line, body]);
    expect(remarks).toEqual([
      ['src/track.js', 12, expect.stringContaining(suggested(loose.replacement))],
      ['README.md', 3, expect.stringContaining(suggested(spelled))],
    ]);
  });

  it('drops what the second agent refutes, makes a note of what it is not sure of, and tells of both', async () => {
    const text = textOf(first);
    expect(text).toContain('`codex` looked a second time and confirmed 1 of 3 findings');
    expect(text).toContain('1 dropped, 1 made a note.');
    expect(text).toContain('`claude-code: refuted-one` in `src/track.js:11` refuted, dropped: It ');
    expect(text).toContain('unsure, downgraded');
    const rows = (await scene.system.rows()).filter(({ type }) => type === 'findings.judged');
    expect(rows.map(({ data }) => data['agent'])).toEqual(['codex']);
    expect(rows[0]?.data['judged']).toMatchObject([
      { rule: 'confirmed-one', severity: 'error', verdict: 'confirmed', action: 'kept' },
      { rule: 'refuted-one', severity: 'error', verdict: 'refuted', action: 'dropped' },
      { rule: 'unsure-one', severity: 'error', verdict: 'unsure', action: 'downgraded' },
    ]);
  });

  it('gives both agents the files that steer them as the base branch has them, and says so', () => {
    const seen = asked.filter(({ turn }) => turn === 1).map(({ toolResults }) => toolResults[0]);
    expect(seen).toHaveLength(2);
    for (const files of seen) {
      expect(files).toContain('words of the base');
      expect(files).not.toContain('stranger');
    }
    expect(textOf(first)).toContain('`CLAUDE.md`: the agent had what the base branch has');
    expect(textOf(first)).toContain('`.mcp.json`: the agent did not have it');
    expect(textOf(first)).toContain('`.claude/settings.json`: the agent did not have it');
  });

  it('tells the agent on the next push what it found before, and posts nothing twice', async () => {
    const before = asked.length;
    await pull.push({ files: { 'src/late.js': 'export const late = true;\n' } });
    const second = await pull.concluded();
    const [begun] = asked.slice(before);
    expect(begun && findingsTold(begun)).toMatchObject([
      { state: 'open', rule: 'confirmed-one', path: 'src/track.js', message: 'Compares loosely.' },
      { state: 'open', rule: 'unsure-one', severity: 'info' },
    ]);
    expect(textOf(second)).toContain('Since the last time: 0 new, 2 as before, 0 fixed.');
    expect(pull.ownRemarks()).toHaveLength(2);
  });
});

function reviewed(asked: Asked): Turn {
  const { shell, report } = asked.dialect;
  const calls = [shell(look), shell(spell), ...findings.map(report)];
  return inTurn(asked, [call(...calls)]);
}

const spell = "sed -i 's/arive/arrive/' README.md";
const spelled = 'Tells where a parcel is, and estimates when it will arrive.';

function suggested(line: string): string {
  return `\`\`\`suggestion\n${line}\n\`\`\``;
}

/** Whatever is there of what steers agents. */
const look = 'cat CLAUDE.md .mcp.json .claude/settings.json; ls -a; true';

function judged(asked: Asked): Turn {
  const { shell, mcp } = asked.dialect;
  const opinions = findingsTold(asked)
    .filter(({ state }) => state === 'asked')
    .map(({ id, rule }) => ({ id, verdict: rule.split('-')[0], reason: 'It says so.' }));
  return inTurn(asked, [
    call(shell(look), ...opinions.map((opinion) => mcp('judge_finding', opinion))),
  ]);
}

function filesOf(source: BranchSource) {
  return 'files' in source ? source.files : {};
}
