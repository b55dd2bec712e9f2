import { expect, it } from 'vitest';
import { folded } from './fixture.ts';

it.each(['constructor', 'tostring', 'valueof'])(
  'a task may be called %s, and is nothing else',
  (name) => {
    const before = Object.getOwnPropertyNames(Object).length;
    const { policy } = folded({
      organisation: `tasks: { ${name}: { agent: linters, within: review, parameters: { names: [constructor], values: { constructor: [x] } } } }`,
    });
    expect(policy.tasks[name]).toMatchObject({
      agent: 'linters',
      parameters: { names: ['constructor'], values: { constructor: ['x'] } },
    });
    expect(Object.getOwnPropertyNames(Object)).toHaveLength(before);
  },
);
