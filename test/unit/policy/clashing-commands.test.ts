import { describe, expect, it } from 'vitest';
import { readLayer } from '../../../src/policy/parsing/read-layer.ts';
import { faultsOf, folded, folding } from './fixture.ts';

/** So many commands, named `a0`, `a1` … */
function commands(prefix: string, count: number): string {
  const each = Array.from({ length: count }, (_, at) => `{ name: ${prefix}${at}, run: [make] }`);
  return `verify: { commands: [${each.join(', ')}] }`;
}

const named = (run: string): string => `verify: { commands: [{ name: test, run: [${run}] }] }`;

describe('commands of verify', () => {
  it('add up over layers, as many as a task can run', () => {
    const { policy } = folded({ organisation: commands('a', 12), repository: commands('b', 8) });
    expect(policy.tasks['fix']?.verify.commands).toHaveLength(20);
    const faults = faultsOf(
      folding({ organisation: commands('a', 12), repository: commands('b', 9) }),
    );
    expect(faults).toEqual([
      'repo.yml:2:21: verify.commands: all layers together have 21 commands; a task runs at most 20 (organisation: org.yml:2:21)',
    ]);
  });

  it('count where a task has more than the top', () => {
    const repository = `tasks: { fix: { ${commands('b', 15)} } }`;
    const below = { organisation: commands('a', 15), repository };
    expect(faultsOf(folding(below))).toEqual([
      expect.stringMatching(/^repo\.yml:\S+ tasks\.fix\.verify\.commands: .* 30 commands/),
    ]);
    // The top is the lower layer here, and the one that adds.
    const turned = { organisation: repository, repository: commands('a', 15) };
    expect(faultsOf(folding(turned))).toEqual([
      expect.stringMatching(/^repo\.yml:\S+ tasks\.fix\.verify\.commands: .*\(organisation: /),
    ]);
  });

  it('have a name of their own, over all layers', () => {
    const same = folded({ organisation: named('make'), repository: named('make') });
    expect(same.policy.tasks['fix']?.verify.commands).toHaveLength(1);
    const faults = faultsOf(folding({ organisation: named('make'), repository: named('echo') }));
    expect(faults).toEqual([
      expect.stringMatching(
        /^repo\.yml:2:21: verify\.commands: test is the name of two .* \(organisation: org\.yml:2:21\)$/,
      ),
    ]);
    const alone = `${named('make')}\ntasks: { fix: { ${named('echo')} } }`;
    expect(faultsOf(folding({ repository: alone }))).toEqual([
      expect.stringContaining('tasks.fix.verify.commands: test is the name of two commands'),
    ]);
  });

  it('have no name twice in one list', () => {
    const content =
      'version: 1\nverify: { commands: [{ name: a, run: [x] }, { name: a, run: [y] }] }';
    const reading = readLayer({ layer: 'repository', file: 'repo.yml', content });
    expect(faultsOf(reading)).toEqual([expect.stringContaining('two commands have one name')]);
  });
});
