import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/setup/root.ts';
import { agentApis } from '../../../src/domain/agent-apis.ts';
import type { ModelApi } from '../../../src/domain/model-api.ts';
import { claudeCode } from '../../../workers/agents/claude-code/adapter.ts';
import { codex } from '../../../workers/agents/codex/adapter.ts';
import { opencode } from '../../../workers/agents/opencode/adapter.ts';
import { pi } from '../../../workers/agents/pi/adapter.ts';
import { modelAgents } from '../../support/agents/dialects.ts';

const adapters = [claudeCode, codex, opencode, pi];
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const linesOf = (path: string): number => read(path).trimEnd().split('\n').length;

const page = read('docs/agent-adapters.md');
const [, list = ''] = page.split('## Add an agent');
/** The files that the list names, which are made or changed for one more agent. */
const named = [...list.matchAll(/^\d\. .*$/gm)].flatMap(([step]) =>
  [...step.matchAll(/`([\w./-]+\/[\w./-]+)`/g)].map(([, path = '']) => path),
);
const own = named.filter((path) => path.includes('/NAME/'));
const shared = named.filter((path) => !path.includes('/NAME/'));

const apiNames: Readonly<Record<ModelApi, string>> = {
  'anthropic-messages': 'Anthropic Messages',
  'openai-responses': 'OpenAI Responses',
  'openai-chat': 'OpenAI Chat',
};

describe.each(adapters)('the page of adapters, on $name', ({ name, apis, aside }) => {
  it('says by which APIs it asks, and what is away while it runs', () => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
    const [, , , asked = '', , away = ''] = row.split('|').map((cell) => cell.trim());
    expect(asked.split(', ').sort()).toEqual(apis.map((api) => apiNames[api]).sort());
    expect(away).toBe(aside.map((path) => `\`${path}\``).join(', ') || '–');
  });

  it('is what routes are chosen by', () => {
    expect(agentApis[name]).toEqual(apis);
  });

  it('names the files that it is made of', () => {
    expect(own.length).toBeGreaterThan(5);
    for (const path of own) expect(read(path.replace('NAME', name))).not.toBe('');
    for (const path of shared) expect(read(path)).toContain(name.replace('claude-code', 'claude'));
  });
});

describe('the page of adapters', () => {
  it('leaves out no file that names an agent', () => {
    const files = globSync('{src,workers,scripts,test/support}/**/{*.ts,Dockerfile}', {
      cwd: ROOT,
    });
    const outside = files
      .filter((path) => !path.startsWith('workers/agents/opencode/'))
      .filter((path) => /\bopencode\b/.test(read(path)));
    expect(outside.filter((path) => !shared.includes(path))).toEqual([]);
    expect(outside).toHaveLength(7);
  });
});

describe('an adapter', () => {
  const files = [
    ...globSync('workers/agents/*/adapter.ts', { cwd: ROOT }),
    'workers/agents/command/run-commands.ts',
  ];

  it('is there for every agent that the suite plays', () => {
    const agents = files.flatMap((path) => path.split('/')[2] ?? []);
    expect(agents.sort()).toEqual([...modelAgents, 'command'].sort());
  });

  it.each(files)('is below 100 lines: %s', (path) => {
    expect(linesOf(path)).toBeLessThan(100);
  });
});
