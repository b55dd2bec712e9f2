import { describe, expect, it } from 'vitest';
import { compareLayers } from '../../../src/policy/compare.ts';
import type { Layer } from '../../../src/policy/document/layer.ts';
import { documentOf } from './fixture.ts';

const [one, two] = ['1', '2'].map((digit) => `sha256:${digit.repeat(64)}`);

function layer(text: string): Layer {
  return documentOf('repository', `version: 1\n${text}`).content;
}

function changes(before: string, after: string): readonly (readonly [string, string])[] {
  return compareLayers(layer(before), layer(after)).map(({ path, direction }) => [path, direction]);
}

describe('compareLayers', () => {
  it.each([
    ['limits: { pids: 64 }', 'limits: { pids: 128 }', 'looser'],
    ['limits: { pids: 64 }', 'limits: { pids: 32 }', 'tighter'],
    ['limits: { pids: 64 }', '', 'looser'],
    ['', 'limits: { pids: 64 }', 'tighter'],
    ['approvals: { count: 2 }', 'approvals: { count: 1 }', 'looser'],
    ['approvals: { count: 2 }', '', 'looser'],
    ['', 'approvals: { count: 2 }', 'tighter'],
    ['runtime: runsc', 'runtime: runc', 'looser'],
    ['runtime: runsc', '', 'looser'],
    ['', 'forks: refuse', 'tighter'],
    [
      'approvals: { requesterMayApprove: true }',
      'approvals: { requesterMayApprove: false }',
      'tighter',
    ],
    ['agents: [a]', 'agents: [a, b]', 'looser'],
    ['agents: [a, b]', 'agents: [a]', 'tighter'],
    ['agents: [a, b]', 'agents: [b, c]', 'looser'],
    ['agents: [a, b]', 'agents: [b, a]', 'other'],
    ['agents: [a]', '', 'looser'],
    ['', 'agents: []', 'tighter'],
    ['patch: { paths: [docs/**] }', 'patch: { paths: ["**"] }', 'looser'],
    ['', 'patch: { paths: [docs/**] }', 'tighter'],
    ['protectedPaths: [a]', 'protectedPaths: [a, b]', 'tighter'],
    ['protectedPaths: [a, b]', 'protectedPaths: [a]', 'looser'],
    ['protectedPaths: [a]', '', 'looser'],
    ['', 'protectedPaths: []', 'other'],
    ['inputs: { exclude: [a] }', 'inputs: { exclude: [b] }', 'looser'],
    ['run: { permission: write }', 'run: { permission: read }', 'looser'],
    ['run: { permission: write }', 'run: { permission: admin }', 'tighter'],
    ['run: { permission: write }', 'run: { permission: write, users: [a] }', 'looser'],
    ['run: { permission: write, users: [a] }', 'run: { permission: write }', 'tighter'],
    ['run: { permission: write }', 'run: { permission: admin, author: true }', 'looser'],
    ['run: { permission: write, codeOwners: true }', 'run: { permission: write }', 'tighter'],
    ['run: { teams: [a/b, a/c] }', 'run: { teams: [a/c, a/b] }', 'other'],
    ['run: { permission: write }', '', 'looser'],
    ['', 'run: { permission: write }', 'tighter'],
    ['egress: { allowAddresses: [] }', 'egress: { allowAddresses: [10.0.0.0/8] }', 'looser'],
    ['egress: { refuseAddresses: [10.0.0.0/8] }', 'egress: { refuseAddresses: [] }', 'looser'],
    ['check: { name: a }', 'check: { name: b }', 'other'],
    ['commands: { short: false }', 'commands: { short: true }', 'other'],
    ['tasks: { fix: { triggers: { events: [opened] } } }', '', 'looser'],
    [
      'tasks: { fix: { triggers: { events: [opened] } } }',
      'tasks: { fix: { triggers: { events: [opened, synchronize] } } }',
      'tighter',
    ],
    [
      'tasks: { fix: { triggers: { events: [opened, synchronize] } } }',
      'tasks: { fix: { triggers: { events: [opened] } } }',
      'looser',
    ],
    ['', 'tasks: { fix: { triggers: { paths: [nothing] } } }', 'looser'],
    ['', "inputs: { exclude: ['**'] }", 'looser'],
    ['', 'inputs: { include: [nothing] }', 'looser'],
    ['', 'tasks: { review: { enabled: false } }', 'looser'],
    ['', 'tasks: { review: { purpose: triage } }', 'looser'],
    ['tasks: { review: { purpose: review } }', 'tasks: { review: { purpose: docs } }', 'looser'],
    ['', 'tasks: { fix: { parameters: { names: [level] } } }', 'looser'],
    ['tasks: { fix: { parameters: { names: [level] } } }', '', 'tighter'],
    ['', 'tasks: { fix: { parameters: { values: { level: [low] } } } }', 'tighter'],
    ['tasks: { fix: { enabled: false } }', 'tasks: { fix: { enabled: true } }', 'looser'],
    ['tasks: { fix: { agent: a } }', 'tasks: { fix: { agent: b } }', 'other'],
    [`tasks: { fix: { image: '${one}' } }`, 'tasks: { fix: { image: null } }', 'looser'],
    [`tasks: { fix: { image: '${one}' } }`, '', 'looser'],
    ['tasks: { fix: { image: null } }', `tasks: { fix: { image: '${one}' } }`, 'tighter'],
    [`tasks: { fix: { image: '${one}' } }`, `tasks: { fix: { image: '${two}' } }`, 'other'],
    ['', 'tasks: { docs: { within: fix } }', 'looser'],
    ['tasks: { docs: { within: review } }', 'tasks: { docs: { within: fix } }', 'looser'],
    ['tasks: { docs: { within: fix } }', '', 'tighter'],
  ])('from %j to %j is %s', (before, after, direction) => {
    expect(changes(before, after).map(([, found]) => found)).toEqual([direction]);
  });

  it('tells nothing of what stays as it is', () => {
    expect(
      changes(
        'run: { permission: write }\nlimits: { pids: 64 }',
        'limits: { pids: 64 }\nrun: { permission: write } # x',
      ),
    ).toEqual([]);
  });

  it('tells what loosens first, with both values', () => {
    const found = compareLayers(
      layer('limits: { pids: 64, cpus: 1 }\nreview: { maxComments: 5 }'),
      layer('review: { maxComments: 5 }\nlimits: { pids: 32, cpus: 2 }\ncommands: { short: true }'),
    );
    expect(found).toEqual([
      { path: 'limits.cpus', before: 1, after: 2, direction: 'looser' },
      { path: 'limits.pids', before: 64, after: 32, direction: 'tighter' },
      { path: 'commands.short', before: undefined, after: true, direction: 'other' },
    ]);
  });

  it('compares with a file that is not there', () => {
    const limits = layer('limits: { pids: 64 }');
    expect(compareLayers(null, limits).map(({ direction }) => direction)).toEqual([
      'tighter',
      'other',
    ]);
    expect(compareLayers(limits, null).map(({ direction }) => direction)).toEqual([
      'looser',
      'other',
    ]);
    expect(compareLayers(null, null)).toEqual([]);
  });
});
