import { describe, expect, it } from 'vitest';
import type { TestFile } from '../support/repositories.ts';
import { file, given, link } from '../support/steered-pull.ts';

describe('a pull request that hides what steers behind links', () => {
  it.each<[string, TestFile[], TestFile[], Record<string, string>, string[]]>([
    [
      'a file that is a link to another of its own',
      [file('CLAUDE.md', 'good\n')],
      [link('CLAUDE.md', 'docs/evil.md'), file('docs/evil.md')],
      { 'CLAUDE.md': 'good\n', 'docs/evil.md': 'docs/evil.md\n' },
      ['CLAUDE.md: base'],
    ],
    [
      'a folder that is a link to another of its own',
      [file('.claude/settings.json', 'good\n')],
      [link('.claude', 'evil'), file('evil/settings.json')],
      { '.claude/settings.json': 'good\n', 'evil/settings.json': 'evil/settings.json\n' },
      ['.claude: absent', '.claude/settings.json: base'],
    ],
    [
      'the target of a link that the base has',
      [link('CLAUDE.md', 'docs/agent-rules.md'), file('docs/agent-rules.md', 'good\n')],
      [link('CLAUDE.md', 'docs/agent-rules.md'), file('docs/agent-rules.md', 'evil\n')],
      { 'CLAUDE.md': 'good\n', 'docs/agent-rules.md': 'evil\n' },
      ['CLAUDE.md: base'],
    ],
    [
      'a file in the target of a folder link that the base has',
      [link('.claude', 'tools/ai'), file('tools/ai/settings.json', 'good\n')],
      [link('.claude', 'tools/ai'), file('tools/ai/settings.json', 'evil\n')],
      { '.claude/settings.json': 'good\n', 'tools/ai/settings.json': 'evil\n' },
      ['.claude: absent', '.claude/settings.json: base'],
    ],
    [
      'one more file in the target of a folder link that the base has',
      [link('.claude', 'tools/ai'), file('tools/ai/a', 'a\n')],
      [link('.claude', 'tools/ai'), file('tools/ai/a', 'a\n'), file('tools/ai/b', 'evil\n')],
      { '.claude/a': 'a\n', 'tools/ai/a': 'a\n', 'tools/ai/b': 'evil\n' },
      ['.claude: absent', '.claude/a: base'],
    ],
    [
      'a link on the way to the target',
      [link('CLAUDE.md', 'way/rules.md'), file('way/rules.md', 'good\n')],
      [link('CLAUDE.md', 'way/rules.md'), link('way', 'evil'), file('evil/rules.md', 'evil\n')],
      { 'CLAUDE.md': 'good\n', way: '-> evil', 'evil/rules.md': 'evil\n' },
      ['CLAUDE.md: base'],
    ],
    [
      'a file below a linked folder',
      [file('sub/CLAUDE.md', 'good\n'), file('sub/x', 'x\n')],
      [link('sub', 'evil'), file('evil/CLAUDE.md', 'evil\n')],
      { sub: '-> evil' },
      ['evil/CLAUDE.md: absent'],
    ],
    [
      'a folder in the place of a link',
      [link('sub', 'real'), file('real/CLAUDE.md', 'good\n')],
      [file('sub/CLAUDE.md', 'evil\n'), file('real/CLAUDE.md', 'good\n')],
      { 'sub/CLAUDE.md': 'good\n', 'real/CLAUDE.md': 'good\n' },
      ['sub/CLAUDE.md: base'],
    ],
    [
      'a file in the place of a folder',
      [file('.claude/settings.json', 'good\n')],
      [file('.claude', 'evil\n')],
      { '.claude/settings.json': 'good\n' },
      ['.claude: absent', '.claude/settings.json: base'],
    ],
    [
      'a folder in the place of a file',
      [file('CLAUDE.md', 'good\n')],
      [file('CLAUDE.md/x', 'evil\n')],
      { 'CLAUDE.md': 'good\n' },
      ['CLAUDE.md: base', 'CLAUDE.md/x: absent'],
    ],
    [
      'a link that leaves the tree',
      [],
      [
        link('CLAUDE.md', '../../etc/passwd'),
        link('AGENTS.md', '/workspace/evil.md'),
        file('evil.md', 'x\n'),
      ],
      { 'evil.md': 'x\n' },
      ['AGENTS.md: absent', 'CLAUDE.md: absent'],
    ],
    [
      'a link in the place of a folder of which some files steer',
      [file('.github/copilot-instructions.md', 'good\n'), file('.github/x', 'x\n')],
      [link('.github', 'evil'), file('evil/copilot-instructions.md', 'evil\n')],
      {
        '.github/copilot-instructions.md': 'good\n',
        '.github/x': 'x\n',
        'evil/copilot-instructions.md': 'evil\n',
      },
      ['.github: absent', '.github/copilot-instructions.md: base', '.github/x: base'],
    ],
    [
      'links in a loop',
      [file('CLAUDE.md', 'good\n')],
      [link('CLAUDE.md', 'a'), link('a', 'b'), link('b', 'CLAUDE.md')],
      { 'CLAUDE.md': 'good\n', a: '-> b', b: '-> CLAUDE.md' },
      ['CLAUDE.md: base'],
    ],
    [
      'a submodule',
      [file('.claude/settings.json', 'good\n')],
      [{ path: '.claude', content: 'd'.repeat(40), mode: '160000' }, file('x', 'x\n')],
      { '.claude/settings.json': 'good\n', x: 'x\n' },
      ['.claude/settings.json: base'],
    ],
  ])('has no say by %s', async (_what, base, head, files, replaced) => {
    const seen = await given(base, head);
    expect(seen.files).toEqual(files);
    expect(seen.replaced).toEqual(replaced);
  });

  it.each<[string, TestFile[]]>([
    ['that leaves the tree', [link('CLAUDE.md', '../outside.md')]],
    ['with an absolute target', [link('CLAUDE.md', '/etc/passwd')]],
    ['to itself', [link('CLAUDE.md', 'CLAUDE.md')]],
    ['to the folder that it is in', [file('.claude/x', 'x\n'), link('.claude/again', '.')]],
    ['past a file', [file('a', 'a\n'), link('CLAUDE.md', 'a/b')]],
    ['to nothing', [link('CLAUDE.md', 'missing')]],
  ])('gets nothing by a link of the base branch %s', async (_what, base) => {
    const head = base.map((one) => (one.mode === '120000' ? { ...one, content: 'evil.md' } : one));
    const { files } = await given(base, [...head, file('evil.md', 'evil\n')]);
    expect(Object.entries(files).filter(([, text]) => text === '-> evil.md')).toEqual([]);
    expect(Object.keys(files).filter((path) => path.startsWith('CLAUDE.md'))).toEqual([]);
  });

  it('cannot use up what finds the files of the base branch', async () => {
    const folders = Array.from({ length: 40 }, (_, at) => at);
    const maze = folders.flatMap((at) => [
      link(`maze/${at}/on`, `../${(at + 1) % folders.length}`),
      link(`maze/${at}/over`, `../${(at + 2) % folders.length}`),
      file(`maze/${at}/x`, 'x\n'),
    ]);
    const base = [file('.claude/a', 'good\n'), link('.codex', 'rules'), file('rules/b', 'good\n')];
    const head = [...maze, link('.claude', 'maze'), link('.codex', 'maze')];
    const { files } = await given(base, [...head, file('rules/b', 'evil\n')]);
    expect(files['.claude/a']).toBe('good\n');
    expect(files['.codex/b']).toBe('good\n');
  });

  it('gives a base branch of links without end nothing, and ends', async () => {
    const maze = Array.from({ length: 60 }, (_, at) => [
      link(`.claude/${at}/on`, `../${(at + 1) % 60}`),
      link(`.claude/${at}/over`, `../${(at + 2) % 60}`),
      file(`.claude/${at}/x`, 'x\n'),
    ]).flat();
    const { files } = await given([...maze, file('x', 'x\n')], [file('x', 'x\n')]);
    expect(Object.keys(files)).toEqual(['x']);
  });

  it('has no file of its own in the place of one that is too large to be given', async () => {
    const large = 'a'.repeat(2_000);
    const limits = { inputFileBytes: 1_000 };
    const head = await given([file('CLAUDE.md', 'good\n')], [file('CLAUDE.md', large)], limits);
    expect(head).toMatchObject({ files: { 'CLAUDE.md': 'good\n' }, omitted: [] });
    const base = await given([file('CLAUDE.md', large)], [file('CLAUDE.md', 'evil\n')], limits);
    expect(base).toMatchObject({ files: {}, replaced: ['CLAUDE.md: absent'] });
  });

  it('gets none of a file that the policy keeps back', async () => {
    const isInput = async (path: string) => path !== 'CLAUDE.md';
    const { files } = await given([file('CLAUDE.md', 'good\n')], [file('x')], { isInput });
    expect(files).toEqual({ x: 'x\n' });
  });

  it('counts what the base branch adds against the size of the workspace', async () => {
    const base = [link('.claude', 'rules'), file('rules/a', 'a'.repeat(600))];
    const head = [file('rules/a', 'b'.repeat(600))];
    const giving = given(base, head, { workspaceBytes: 1_000 });
    await expect(giving).rejects.toMatchObject({ code: 'input.too-large' });
  });
});
