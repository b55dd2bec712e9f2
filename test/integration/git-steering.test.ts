import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import {
  openPull,
  readSnapshot,
  repoPath,
  taskInputFor,
  unpackBundle,
} from '../support/pull-snapshot.ts';
import { file, given, link } from '../support/steered-pull.ts';

describe('files that steer agents', () => {
  it.each([
    'CLAUDE.md',
    'AGENTS.md',
    'GEMINI.md',
    '.mcp.json',
    '.claude/settings.json',
    '.codex/config.toml',
    '.opencode/agent/x.md',
    'opencode.json',
    '.cursor/rules/x.mdc',
    '.github/copilot-instructions.md',
    '.npmrc',
    'packages/a/AGENTS.md',
    'packages/a/.claude/hooks/x.sh',
  ])('come from the base branch: %s', async (path) => {
    const keep = file('packages/a/x.ts');
    const changed = await given([keep, file(path, 'good\n')], [keep, file(path, 'evil\n')]);
    expect(changed.files[path]).toBe('good\n');
    expect(changed.replaced).toEqual([`${path}: base`]);
    const added = await given([keep], [keep, file(path, 'evil\n')]);
    expect(added.files).toEqual({ 'packages/a/x.ts': 'packages/a/x.ts\n' });
    expect(added.replaced).toEqual([`${path}: absent`]);
    const deleted = await given([keep, file(path, 'good\n')], [keep]);
    expect(deleted.files[path]).toBe('good\n');
    expect(deleted.replaced).toEqual([`${path}: base`]);
  });

  it.each([
    'claude.md',
    'Agents.MD',
    '.CLAUDE/settings.json',
    'CLAU\u200bDE.md',
    'ＣＬＡＵＤＥ.md',
  ])('are known however they are written: %s', async (path) => {
    const { files, replaced } = await given([], [file(path), file('x')]);
    expect(files).toEqual({ x: 'x\n' });
    expect(replaced).toEqual([`${path}: absent`]);
  });

  it('are no pages of the same name in lower case, below the top', async () => {
    const page = (content: string) => [file('AGENTS.md'), file('docs/agents.md', content)];
    const { files, replaced } = await given(page('old\n'), page('new\n'));
    expect(files['docs/agents.md']).toBe('new\n');
    expect(replaced).toEqual([]);
  });

  it('stay as they are where both have the same, links included', async () => {
    const both = [
      file('AGENTS.md'),
      link('CLAUDE.md', 'AGENTS.md'),
      file('.agents/skills/a/SKILL.md'),
      link('.claude/skills', '../.agents/skills'),
      { ...file('.claude/hook.sh'), mode: '100755' as const },
    ];
    const { files, replaced } = await given([...both, file('x')], [...both, file('y')]);
    expect(replaced).toEqual([]);
    expect(files['CLAUDE.md']).toBe('-> AGENTS.md');
    expect(files['.claude/skills']).toBe('-> ../.agents/skills');
  });

  it('are executable as the base branch has them', async () => {
    const evil = { ...file('.claude/hook.sh', 'a\n'), mode: '100755' as const };
    await using pull = await openPull([file('.claude/hook.sh', 'a\n')], [evil]);
    const snapshot = await pull.snapshot({ isSteerable: true });
    expect(snapshot.replaced).toEqual([{ path: '.claude/hook.sh', what: 'base' }]);
    const entries = await unpackBundle(snapshot);
    expect(entries.find(({ name }) => name === 'head/.claude/hook.sh')?.mode).toBe(0o644);
  });

  it('leave the pristine head and the diff as they are', async () => {
    await using pull = await openPull([file('CLAUDE.md', 'good\n')], [file('CLAUDE.md', 'evil\n')]);
    const snapshot = await pull.snapshot({ isSteerable: true });
    const head = await snapshot.readHead(repoPath('CLAUDE.md'));
    expect(Buffer.from(head?.bytes ?? []).toString()).toBe('evil\n');
    expect(Buffer.from(snapshot.diff).toString()).toContain('+evil');
  });

  it('can be read as the workspace has them', async () => {
    const ours = [file('CLAUDE.md', 'good\n'), file('AGENTS.md', 'good\n'), file('x')];
    const theirs = [file('CLAUDE.md', 'evil\n'), link('AGENTS.md', 'x'), file('x')];
    await using pull = await openPull(ours, theirs);
    const snapshot = await pull.snapshot({ isSteerable: true });
    for (const name of ['CLAUDE.md', 'AGENTS.md']) {
      const kept = await snapshot.readGiven(repoPath(name));
      expect(Buffer.from(kept?.bytes ?? []).toString()).toBe('good\n');
    }
    const plain = await pull.snapshot();
    expect(await plain.readGiven(repoPath('AGENTS.md'))).toBeUndefined();
    expect(await plain.readGiven(repoPath('absent'))).toBeUndefined();
  });

  it('are none of an analyser, nor where both commits are one', async () => {
    await using pull = await openPull([file('CLAUDE.md', 'good\n')], [file('CLAUDE.md', 'evil\n')]);
    expect((await pull.snapshot()).replaced).toEqual([]);
    const { repository, mirrorsDir, headSha } = pull;
    const limits = { isSteerable: true };
    const one = await readSnapshot(repository, { mirrorsDir, headSha, baseSha: headSha, limits });
    expect(one.replaced).toEqual([]);
  });

  it('are those of the tip of the base branch, and not of where the pull request left it', async () => {
    await using pull = await openPull([file('CLAUDE.md', 'old\n')], [file('CLAUDE.md', 'old\n')]);
    const { repository, mirrorsDir, headSha, baseSha: parent } = pull;
    const tip = await repository.commit([file('CLAUDE.md', 'new\n')], { parents: [parent] });
    const limits = { isSteerable: true };
    const snapshot = await readSnapshot(repository, { mirrorsDir, headSha, baseSha: tip, limits });
    expect(snapshot.replaced).toEqual([{ path: 'CLAUDE.md', what: 'base' }]);
    const entries = await unpackBundle(snapshot);
    expect(entries.find(({ name }) => name === 'head/CLAUDE.md')?.body).toBe('new\n');
  });
});

describe('the merge base of an agent that can be steered', () => {
  it('has of a replaced file what it had, and not what the workspace has', async () => {
    await using pull = await openPull([file('CLAUDE.md', 'old\n')], [file('CLAUDE.md', 'old\n')]);
    const { repository, mirrorsDir, headSha, baseSha: parent } = pull;
    const tip = await repository.commit([file('CLAUDE.md', 'new\n')], { parents: [parent] });
    const limits = { isSteerable: true };
    const snapshot = await readSnapshot(repository, { mirrorsDir, headSha, baseSha: tip, limits });
    const task = { ...taskInputFor(snapshot), replaced: snapshot.replaced.map(({ path }) => path) };
    const bundle = (await buffer(snapshot.bundle(task, { base: true }).stream())).toString();
    expect(bundle).toMatch(
      /base\/CLAUDE\.md\0[\s\S]*\0old\n\0[\s\S]*head\/CLAUDE\.md\0[\s\S]*\0new\n\0/,
    );
  });
});
