import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asked, inTurn } from '../support/agents/asked.ts';
import type { BranchSource } from '../support/github/branch-source.ts';
import { buildImageMs } from '../support/images/agent-image.ts';
import { call, type Turn } from '../support/models/turn.ts';
import { type AgentSystem, startAgentSystem } from './agent-system.ts';
import { PullScene, textOf } from './pull-scene.ts';
import { repo } from './system.ts';

const packageJson = '{ "type": "module" }\n';
const base: BranchSource = {
  files: {
    'package.json': packageJson,
    'docs/price.md': 'It is 2 a kilo.\n',
    'src/price.js': 'export const price = (kg) => kg * 2;\n',
    // Without a test that is there the commands would fail either way, and nothing could be told.
    'test/there.test.js': "import test from 'node:test';\ntest('is there', () => {});\n",
  },
};
const head: BranchSource = {
  files: { 'src/price.js': 'export const price = (kg) => kg * 3;\n' },
};

/** A test of the runner that Node has: what the price of two kilos is said to be. */
const testOf = (claim: string): string => `import assert from 'node:assert/strict';
import test from 'node:test';
import { price } from '../src/price.js';
test('price', () => assert.${claim});
`;
/** What the agent writes the first time that it is asked for tests, the second, the third. */
const claims = ['equal(price(2), 7)', 'ok(price(2) > 0)', 'equal(price(2), 6)'];

describe('tests by claude-code and documentation by codex', () => {
  let scene: AgentSystem;
  let pull: PullScene;
  let asks = { tests: 0, docs: 0 };

  beforeAll(async () => {
    scene = await startAgentSystem({
      agents: ['claude-code', 'codex'],
      base,
      tasks: {
        tests: {
          agent: 'claude-code',
          patch: { paths: ['test/**'] },
          verify: { commands: [{ name: 'test', run: ['node', '--test', 'test/'] }] },
        },
        docs: {
          agent: 'codex',
          model: { route: 'codex' },
          patch: { paths: ['docs/**'] },
        },
      },
      script: (asked) => (asked.purpose === 'docs' ? documented(asked) : tested(asked)),
    });
    pull = await PullScene.open(scene.system, 'Raise the price', head);
  }, buildImageMs);

  afterAll(() => scene.close());

  function tested(asked: Asked): Turn {
    if (asked.turn === 0) asks = { ...asks, tests: asks.tests + 1 };
    const text = testOf(claims[asks.tests - 1] ?? '');
    const command = `mkdir -p test && cat > test/price.test.js <<'END'\n${text}END`;
    return inTurn(asked, [call(asked.dialect.shell(command))]);
  }

  function documented(asked: Asked): Turn {
    if (asked.turn === 0) asks = { ...asks, docs: asks.docs + 1 };
    const code = asks.docs === 1 ? ' && echo "// three" >> src/price.js' : '';
    const command = `sed -i s/2/3/ docs/price.md${code}`;
    return inTurn(asked, [call(asked.dialect.shell(command))]);
  }

  it('offers no tests that fail with the change', async () => {
    const check = await pull.checkAfter('sallyport tests', () => pull.say('/sallyport tests'));
    expect(textOf(check)).toContain('Tried with the patch: 1 command of 1 failed.');
    expect(textOf(check)).toContain('not offered: they do not pass with the change.');
    expect(check.actions.map(({ identifier }) => identifier)).not.toContain('apply');
  });

  it('offers no tests that pass without the change', async () => {
    const check = await pull.checkAfter('sallyport tests', () => pull.say('/sallyport tests'));
    expect(textOf(check)).toContain('Tried with the patch: 1 command passed.');
    expect(textOf(check)).toContain('they pass without the change that they test.');
    expect(check.actions.map(({ identifier }) => identifier)).not.toContain('apply');
  });

  it('offers tests that fail without the change and pass with it, and commits them alone', async () => {
    const check = await pull.checkAfter('sallyport tests', () => pull.say('/sallyport tests'));
    expect(textOf(check)).toContain('The tests fail without the change and pass with it.');
    await scene.system.standIn.clickCheckAction(check.id, 'apply', 'maintainer');
    await pull.committed();
    const { standIn } = scene.system;
    const file = await standIn.file(repo, pull.headSha, 'test/price.test.js');
    expect(file.toString()).toBe(testOf('equal(price(2), 6)'));
  });

  it('refuses a patch of documentation that changes code, and says which file', async () => {
    const check = await pull.checkAfter('sallyport docs', () => pull.say('/sallyport docs'));
    expect(textOf(check)).toMatch(/src\/price\.js.* is not among docs\/\\\*\\\*/);
    expect(check.actions.map(({ identifier }) => identifier)).not.toContain('apply');
  });

  it('offers a patch of documentation alone, and commits it', async () => {
    const check = await pull.checkAfter('sallyport docs', () => pull.say('/sallyport docs'));
    await scene.system.standIn.clickCheckAction(check.id, 'apply', 'maintainer');
    await pull.committed();
    const { standIn } = scene.system;
    const docs = await standIn.file(repo, pull.headSha, 'docs/price.md');
    expect(docs.toString()).toBe('It is 3 a kilo.\n');
    const code = await standIn.file(repo, pull.headSha, 'src/price.js');
    expect(code.toString()).toBe('export const price = (kg) => kg * 3;\n');
  });
});
