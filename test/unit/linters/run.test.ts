import { describe, expect, test } from 'vitest';
import type { FixOutcome, Linter, LintOutcome } from '../../../workers/agents/linters/linter.ts';
import { makeFinding } from '../../../workers/agents/linters/make-finding.ts';
import type { SourceFile } from '../../../workers/agents/linters/source-file.ts';
import { type MadePullRequest, reportOf, withRun } from './pull-request.ts';
import { brief } from './source.ts';

/** A linter without a tool: `find` says what it finds, `mend` what it makes of a text. */
function fake(
  find: (file: SourceFile) => readonly {
    readonly line: number;
    readonly severity: 'error' | 'warning' | 'info';
    readonly rule?: string;
  }[],
  mend?: (text: string) => string | null,
): Linter {
  const run = (files: readonly SourceFile[]): Promise<LintOutcome> =>
    Promise.resolve({
      findings: files.flatMap((file) =>
        find(file).map(({ line, severity, rule = 'r' }) =>
          makeFinding(file, {
            tool: 'fake',
            rule,
            severity,
            message: `line ${line}`,
            place: { line },
          }),
        ),
      ),
      errors: [],
      fixable: new Map(files.map(({ path }) => [path, ['r']])),
    });
  const linter: Linter = {
    name: 'fake',
    readsGenerated: false,
    mendsLineByLine: true,
    versions: () => Promise.resolve([{ name: 'fake', version: '1.0' }]),
    selects: () => true,
    run,
  };
  if (mend === undefined) return linter;
  return {
    ...linter,
    fix: (drafts): Promise<FixOutcome> =>
      Promise.resolve({
        errors: [],
        texts: new Map(
          drafts.flatMap(({ file, text }) => {
            const mended = mend(text);
            return mended === null ? [] : [[file.path, mended] as const];
          }),
        ),
      }),
  };
}

const everywhere = fake(({ lines }) =>
  lines.flatMap((_, index) =>
    (['info', 'error', 'warning'] as const).map((severity) => ({ line: index + 1, severity })),
  ),
);

function withLinters(made: MadePullRequest, ...linters: Linter[]): MadePullRequest {
  return { ...made, options: { linters } };
}

describe('what is reported', () => {
  test('everything on added lines, worst first; on others only that a file is broken', async () => {
    const touched = {
      'b.txt': { content: 'x\ny\n', added: [[2, 2]] },
      'a.txt': { content: 'x\n', added: [] },
    } as const;
    const report = await reportOf(withLinters({ touched }, everywhere));
    expect(brief(report.findings)).toEqual([
      'error b.txt:2:0 r',
      'warning b.txt:2:0 r',
      'info b.txt:2:0 r',
    ]);
  });

  test.each(['syntax', 'parse', 'E999', 'SC1009'])(
    'an old line that breaks the file is reported: %s',
    async (rule) => {
      const touched = { 'a.txt': { content: 'x\n', added: [] } } as const;
      const broken = fake(() => [{ line: 1, severity: 'error', rule }]);
      expect((await reportOf(withLinters({ touched }, broken))).findings).toHaveLength(1);
    },
  );

  test('the cap cuts the least important, and says how many', async () => {
    const report = await reportOf(
      withLinters({ touched: { 'a.txt': 'x\ny\n' }, maxFindings: 3 }, everywhere),
    );
    expect(report.findings.map(({ severity }) => severity)).toEqual(['error', 'error', 'warning']);
    expect(report.toolErrors).toEqual([{ tool: 'linters', message: '3 more findings were cut' }]);
  });

  test('the same finding twice is reported once', async () => {
    const twice = fake(() => [
      { line: 1, severity: 'error' },
      { line: 1, severity: 'error' },
    ]);
    expect(
      (await reportOf(withLinters({ touched: { 'a.txt': 'x\n' } }, twice))).findings,
    ).toHaveLength(1);
  });

  test('generated files are left out, once in words', async () => {
    const report = await reportOf(
      withLinters(
        { touched: { 'vendor/a.c': 'x\n', 'vendor/b.c': 'x\n', 'c.c': 'x\n' } },
        fake(() => []),
      ),
    );
    expect(report.findings).toEqual([
      {
        tool: 'linters',
        rule: 'skipped/vendored',
        severity: 'info',
        path: 'vendor/a.c',
        message: 'Only the built-in checks ran, vendored: "vendor/a.c", "vendor/b.c".',
      },
    ]);
  });
});

describe('tools that fail', () => {
  const touched = { 'a.txt': 'x\n' };
  const throwing: Linter = {
    ...everywhere,
    name: 'throws',
    run: () => Promise.reject(new Error('boom')),
  };
  const missing: Linter = { ...everywhere, name: 'missing', versions: () => Promise.resolve(null) };

  test('are named in the report, and silence no other', async () => {
    const report = await reportOf(withLinters({ touched }, throwing, missing, everywhere));
    expect(report.findings).toHaveLength(3);
    expect(report.toolErrors).toEqual([
      { tool: 'throws', message: 'failed: Error: boom' },
      { tool: 'missing', message: 'is missing or does not answer; its files were not analysed' },
    ]);
  });

  test('a thousand troubles still fit the report', async () => {
    const errors = Array.from(
      { length: 1_000 },
      (_, index) => `trouble ${index}\n${'x'.repeat(5_000)}`,
    );
    const noisy: Linter = {
      ...everywhere,
      run: () => Promise.resolve({ findings: [], errors, fixable: new Map() }),
    };
    const { toolErrors } = await reportOf(withLinters({ touched }, noisy));
    expect(toolErrors).toHaveLength(64);
    expect(toolErrors.at(-1)?.message).toBe('and 937 more troubles');
  });

  test('with every real tool missing, the built-in checks still speak', async () => {
    const report = await reportOf({
      touched: { 'a.sh': '<<<<<<< a\n=======\n>>>>>>> b\n', 'b.py': 'x\n' },
      options: { toolPath: '/nonexistent' },
    });
    expect(brief(report.findings)).toEqual(['error a.sh:1:0 merge-conflict']);
    expect(report.toolErrors.map(({ tool }) => tool)).toEqual([
      'shellcheck',
      'flake8',
      'codespell',
    ]);
  });

  test('no time left is said, not passed over', async () => {
    let nowMs = 0;
    const report = await reportOf({
      touched: { 'a.sh': 'x\n' },
      agentMs: 1_000,
      options: { nowMs: () => (nowMs += 1_000) },
    });
    expect(report.toolErrors.map(({ tool }) => tool)).toEqual(['shellcheck', 'codespell']);
  });
});

describe('fixes', () => {
  const shout = (text: string): string => text.toUpperCase();
  const run = (linters: Linter[], added: readonly (readonly [number, number])[] = [[2, 2]]) =>
    withRun(
      withLinters({ touched: { 'a.txt': { content: 'one\ntwo\nthree\n', added } } }, ...linters),
      async ({ read, report }) => ({
        text: await read('a.txt'),
        errors: report.toolErrors.map((it) => it.message),
      }),
    );
  const quiet = (mend: (text: string) => string | null) => fake(() => [], mend);

  test('stay on the lines of the pull request', async () => {
    expect(await run([quiet(shout)])).toEqual({ text: 'one\nTWO\nthree\n', errors: [] });
  });

  test('cover a new file as a whole', async () => {
    await withRun(
      withLinters({ touched: { 'a.txt': 'one\ntwo\n' } }, quiet(shout)),
      async ({ read }) => {
        expect(await read('a.txt')).toBe('ONE\nTWO\n');
      },
    );
  });

  test('leave a file alone that no line was added to', async () => {
    expect((await run([quiet(shout)], [])).text).toBe('one\ntwo\nthree\n');
  });

  test('that never settle are not written', async () => {
    expect(await run([quiet((text) => text.replace('two', 'two two'))])).toEqual({
      text: 'one\ntwo\nthree\n',
      errors: ['fixes of "a.txt" do not settle; the file is left as it is'],
    });
  });

  test('of two tools that undo each other are not written', async () => {
    const tools = [
      quiet((text) => text.replace('two', 'TWO')),
      quiet((text) => text.replace('TWO', 'Two').replace('Two', 'twO')),
    ];
    const back = quiet((text) => text.replace('twO', 'two!'));
    expect((await run([...tools, back])).errors).toHaveLength(1);
  });

  test('that cannot be checked a second time are not written', async () => {
    let calls = 0;
    const once = quiet((text) => {
      calls += 1;
      return calls === 1 ? shout(text) : null;
    });
    expect(await run([once])).toMatchObject({ text: 'one\ntwo\nthree\n' });
  });

  test('that make new errors are taken back', async () => {
    const breaks = fake(
      ({ text }) => (text.includes('TWO') ? [{ line: 1, severity: 'error' }] : []),
      shout,
    );
    expect(await run([breaks])).toEqual({
      text: 'one\ntwo\nthree\n',
      errors: ['fixes of "a.txt" made new errors; the file is left as it is'],
    });
  });

  test('that throw change nothing', async () => {
    const throws = quiet(() => {
      throw new Error('boom');
    });
    expect(await run([throws])).toEqual({
      text: 'one\ntwo\nthree\n',
      errors: ['fixes failed: Error: boom'],
    });
  });
});

test('a task that is not one is refused', async () => {
  await expect(reportOf({ touched: {}, options: { taskFile: '/dev/null' } })).rejects.toThrow(
    'JSON',
  );
});
