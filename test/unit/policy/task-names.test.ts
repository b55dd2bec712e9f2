import { describe, expect, it } from 'vitest';
import { commandNames } from '../../../src/domain/command-names.ts';
import { TaskName } from '../../../src/policy/document/layer.ts';

describe('the name of a task', () => {
  it('is no command of another kind', () => {
    const names = commandNames.filter((name) => TaskName.safeParse(name).success);
    expect(names).toEqual(['review', 'fix']);
  });

  it.each(commandNames)('may begin or end like the command %s', (name) => {
    expect(TaskName.safeParse(`${name}-all`).success).toBe(true);
    expect(TaskName.safeParse(`my-${name}`).success).toBe(true);
  });
});
