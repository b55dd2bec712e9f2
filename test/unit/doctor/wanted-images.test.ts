import { expect, it } from 'vitest';
import { wantedImages } from '../../../src/doctor/wanted-images.ts';
import { samplePolicy } from '../../support/report/samples.ts';

const imageOf = (agent: string): string => `worker:${agent}`;

it('the images of a policy are those of its enabled tasks, each once, with all that it needs', () => {
  const policy = samplePolicy();
  const task = policy.tasks['review'];
  if (task === undefined) throw new Error('no task');
  const none = { ...task.secondOpinion, agent: null };
  const own = {
    ...task,
    image: null,
    enabled: true,
    secondOpinion: none,
    runtime: 'runc',
  } as const;
  const tasks = {
    review: { ...own, agent: 'pi', secondOpinion: { ...none, agent: 'codex' } },
    fix: { ...own, agent: 'codex', runtime: 'runsc' },
    docs: { ...own, agent: 'pi', image: 'sha256:1' },
    tests: { ...own, agent: 'opencode', enabled: false },
  } as const;
  expect(wantedImages({ tasks }, imageOf)).toEqual([
    { ref: 'worker:pi', agents: ['pi'], runtimes: ['runc'] },
    { ref: 'worker:codex', agents: ['codex'], runtimes: ['runc', 'runsc'] },
    { ref: 'sha256:1', agents: ['pi'], runtimes: ['runc'] },
  ]);
});
