import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stagesFor } from '../../../scripts/setup/dockerfile-stages.ts';
import { namedTargets, targetNames } from '../../../scripts/setup/worker-targets.ts';

const file = `# note
ARG BASE=debian
FROM \${BASE} AS bottom
RUN one
FROM scratch AS aside
COPY x /x
FROM bottom AS left
COPY --from=aside /x /x
FROM bottom AS right
RUN two
`;

describe('the stages of a target', () => {
  it.each([
    ['bottom', ['bottom']],
    ['left', ['bottom', 'aside', 'left']],
    ['right', ['bottom', 'right']],
  ])('%s needs %j', (target, stages) => {
    const text = stagesFor(file, target);
    expect([...text.matchAll(/ AS (\S+)/g)].map(([, name]) => name)).toEqual(stages);
    expect(text.startsWith('# note\nARG BASE=debian\nFROM ')).toBe(true);
    expect(text.split('\n').every((line) => file.includes(line))).toBe(true);
  });

  it('are refused for a target that there is not', () => {
    expect(() => stagesFor(file, 'upside')).toThrow('no stage upside');
  });
});

describe('the targets of the worker image', () => {
  const dockerfile = readFileSync('workers/Dockerfile', 'utf8');

  it.each(targetNames)('%s is a stage that says it has that agent', (name) => {
    const text = stagesFor(dockerfile, name);
    const last = text.slice(text.lastIndexOf('FROM '));
    expect(last).toContain(` AS ${name}\n`);
    const agents = /^LABEL io\.sallyport\.agents=(\S+)$/m.exec(last)?.[1]?.split(',') ?? [];
    expect(agents).toEqual([...new Set([...agents, 'command', 'linters', name])].sort());
  });

  it('are those that a command line names', () => {
    expect(namedTargets([])).toEqual(['linters']);
    expect(namedTargets(['pi', 'codex'])).toEqual(['pi', 'codex']);
    expect(namedTargets(['all'])).toEqual(targetNames);
    expect(() => namedTargets(['claude'])).toThrow('no image claude: name one of linters, command');
  });
});
