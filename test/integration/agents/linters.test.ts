import { describe, expect, it } from 'vitest';
import { play, prepareOnce } from '../../support/agents/agent-scene.ts';
import { containerBench } from '../../support/agents/container-bench.ts';
import { isMissing, runtimes } from '../../support/sandbox/runtimes.ts';

const files = {
  'src/a.ts': 'let x = 1;\nexport const f = x;\n',
  'p.py': 'def f():\n    return nobody\n',
  'R.md': 'Teh langauge.\n',
};
const changedFiles = Object.entries(files).map(([path, text]) => ({
  path,
  previousPath: null,
  status: 'added' as const,
  kind: 'text' as const,
  addedLines: [[1, text.split('\n').length - 1] as [number, number]],
}));
/** Of the agent's time each tool gets a twentieth. */
const limits = { agentMs: 1_200_000, resultBytes: 1_000_000, resultFiles: 100, findings: 100 };
const task = { model: undefined, changedFiles, limits };

// On the machine itself: test/integration/linters.test.ts.
describe.each(runtimes)('linters, in %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('with its own image', () => {
    const bench = containerBench(runtime);
    const scene = { bench, agent: 'linters', script: [], files } as const;
    prepareOnce(bench, 'linters');

    it('reports what is wrong, mends what is safe to mend, and asks nobody', async () => {
      const end = await play({ ...scene, task });
      expect(end.exitCode).toBe(0);
      expect(end.report?.toolErrors).toEqual([]);
      const found = end.report?.findings.map(({ path, tool, rule }) => `${path} ${tool}/${rule}`);
      expect(found).toEqual([
        'p.py flake8/F821',
        'src/a.ts biome/lint/style/useConst',
        'R.md codespell/misspelling',
        'R.md codespell/misspelling',
      ]);
      expect(end.files.get('src/a.ts')).toBe('const x = 1;\nexport const f = x;\n');
      expect(end.files.get('R.md')).toBe('The language.\n');
      expect(end.files.get('p.py')).toBe(files['p.py']);
      expect(end.model.requests).toEqual([]);
    });

    it('reports no more than it may, and says what it left out', async () => {
      const end = await play({ ...scene, task: { ...task, limits: { ...limits, findings: 1 } } });
      expect(end.exitCode).toBe(0);
      expect(end.report?.findings).toMatchObject([{ path: 'p.py', rule: 'F821' }]);
      expect(end.report?.toolErrors).toEqual([
        { tool: 'linters', message: '3 more findings were cut' },
      ]);
    });

    it('is ended when its time is up, and changes nothing', async () => {
      const end = await play({ ...scene, task: { ...task, limits: { ...limits, agentMs: 1 } } });
      expect(end.exitCode).toBe(null);
      expect(end.report?.findings ?? []).toEqual([]);
      expect(end.files).toEqual(new Map(Object.entries(files)));
    });
  });
});
