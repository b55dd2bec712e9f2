import { describe, expect, it } from 'vitest';
import { steeredFolder, steeringRoot } from '../../../src/domain/steering-paths.ts';

describe('steeringRoot', () => {
  it.each([
    ['CLAUDE.md', 'CLAUDE.md'],
    ['Agents.md', 'Agents.md'],
    ['claude.md', 'claude.md'],
    ['a/b/AGENTS.md', 'a/b/AGENTS.md'],
    ['a/b/CLAUDE.MD', 'a/b/CLAUDE.MD'],
    ['a/CONTEXT.md', 'a/CONTEXT.md'],
    ['docs/CLAU\u200bDE.md', 'docs/CLAU\u200bDE.md'],
    ['a/.CLAUDE/settings.json', 'a/.CLAUDE'],
    ['OpenCode.json', 'OpenCode.json'],
    ['a/.claude/skills/x/SKILL.md', 'a/.claude'],
    ['.GitHub/Copilot-Instructions.md', '.GitHub/Copilot-Instructions.md'],
    ['a/.github/prompts/x.md', 'a/.github/prompts'],
    ['CLAU\u200bDE.md', 'CLAU\u200bDE.md'],
    ['x/ＡＧＥＮＴＳ．ｍｄ/y', 'x/ＡＧＥＮＴＳ．ｍｄ'],
    ['.env.test.local', '.env.test.local'],
  ])('of %j is %j', (path, root) => {
    expect(steeringRoot(path)).toBe(root);
  });

  it.each([
    'src/a.ts',
    // Pages that people write, and no agent looks for.
    'docs/agents.md',
    'docs/Agents.md',
    'docs/claude.md',
    'docs/gemini.MD',
    'docs/context.md',
    'docs/Crush.json',
    'CLAUDE.md.txt',
    '.github/workflows/ci.yml',
    'claude/x',
    '.env.example',
    'é',
  ])('is none of %j', (path) => {
    expect(steeringRoot(path)).toBeUndefined();
  });

  it('is a link in the place of a folder of which some files steer', () => {
    expect(steeringRoot('a/.GitHub', true)).toBe('a/.GitHub');
    expect(steeringRoot('a/.github')).toBeUndefined();
    expect(steeringRoot('a/github', true)).toBeUndefined();
  });
});

describe('steeredFolder', () => {
  it.each([
    ['CLAUDE.md', ''],
    ['a/b/.claude', 'a/b'],
    ['.github/prompts', ''],
    ['a/.GitHub/copilot-instructions.md', 'a'],
  ])('of %j is %j', (root, folder) => {
    expect(steeredFolder(root)).toBe(folder);
  });
});
