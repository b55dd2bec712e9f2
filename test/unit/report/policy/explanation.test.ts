import { describe, expect, it } from 'vitest';
import { explanationJson, explanationText } from '../../../../src/report/policy/explanation.ts';
import { folded } from '../../policy/fixture.ts';

const layers = [
  ['operator', 'op.yml'],
  ['organisation', null],
  ['repository', 'repo.yml'],
] as const;

function explain(repository: string, task?: string) {
  const said = { subject: 'a/b', note: null, layers, task, pull: null };
  return { folded: folded({ repository }), ...said };
}

describe('an explanation', () => {
  it('names layers, tasks in words, and every value of the top with its source', () => {
    const text = explanationText(
      explain('limits: { pids: 64 }\ntasks: { fix: { enabled: false } }'),
    );
    const lines = text.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'Policy of a/b',
      '  operator      op.yml',
      '  organisation  none',
      '  repository    repo.yml',
    ]);
    expect(text).toMatch(/^Task fix\n {2}starts {2}never: it is switched off$/m);
    expect(text).toMatch(/^ {2}limits\.pids +64 +repository repo\.yml:2:17$/m);
    expect(text).toMatch(/^ {2}inputs\.include +\[\] +the language’s default$/m);
    expect(text).toMatch(/^ {2}limits\.cpus +2 +operator op\.yml:51:9$/m);
  });

  it('names both places of what two layers have their say in', () => {
    expect(explanationText(explain('run: { permission: admin }'))).toMatch(
      /^ {2}run .* operator op\.yml:17:6, repository repo\.yml:2:6$/m,
    );
  });

  it('leaves out of the tasks what is as the top says, unless one is asked for', () => {
    const whole = explanationText(explain(''));
    expect(whole).toContain('tasks.fix.limits.pids');
    expect(whole).not.toContain('tasks.fix.limits.cpus');
    const one = explanationText(explain('', 'fix'));
    expect(one).toContain('tasks.fix.limits.cpus');
    expect(one).not.toContain('tasks.review');
    expect(one).not.toContain('Task review');
  });

  it('tells what it means for a pull request, when one is asked for', () => {
    const pull = { reason: 'Pull request 9.', acts: [] };
    const it9 = { ...explain(''), pull };
    expect(explanationText(it9)).toContain(
      '\n\nSimulated, nothing was done. Pull request 9.\n\nValues\n',
    );
    expect(JSON.parse(explanationJson(it9))).toMatchObject({ pullRequest: pull });
  });

  it('has nothing of a task that there is not', () => {
    expect(explanationText(explain('', 'gone'))).not.toContain('Task');
  });

  it('is JSON with every value for machines', () => {
    const whole = JSON.parse(explanationJson(explain(''))) as Record<string, object>;
    expect(whole['layers']).toEqual(Object.fromEntries(layers));
    expect(Object.keys(whole['tasks'] ?? {})).toEqual(['review', 'fix']);
    expect(whole['values']).toContainEqual({
      path: 'tasks.fix.limits.pids',
      value: 256,
      sources: [{ layer: 'operator', file: 'op.yml', line: 96, column: 21 }],
    });
    const one = JSON.parse(explanationJson(explain('', 'fix'))) as Record<string, object>;
    expect(Object.keys(one['tasks'] ?? {})).toEqual(['fix']);
  });

  it('lets nothing of a policy or a file’s name drive a terminal', () => {
    const hostile = {
      ...explain('tasks: { fix: { instructions: "a\\u009bb" } }'),
      subject: 'x\u001b[2J',
    };
    for (const text of [explanationText(hostile), explanationJson(hostile)]) {
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    }
  });
});
