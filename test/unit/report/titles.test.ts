import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import { TaskState } from '../../../src/domain/task.ts';
import { causes } from '../../../src/report/describe-ending.ts';
import type { GateView } from '../../../src/report/gate-view.ts';
import { planGroup } from '../../../src/report/plan-group.ts';
import * as states from '../../../src/report/plan-state.ts';
import { planPolicyCheck, planUnreadablePolicy } from '../../../src/report/policy/check.ts';
import { planFaults } from '../../../src/report/policy-faults.ts';
import { nothingAsked } from '../../../src/report/run-facts.ts';
import { withSibling } from '../../../src/report/shared-head.ts';
import { planWhole } from '../../support/report/plan-whole.ts';
import {
  sampleFinding,
  sampleOutcome,
  samplePolicy,
  sampleRules,
  sampleTask,
} from '../../support/report/samples.ts';
import { operatorText } from '../policy/fixture.ts';

/** A list of checks shows a title of seven words whole. */
function assertShort(titles: readonly string[]): void {
  expect(titles.length).toBeGreaterThan(0);
  expect(titles.filter((title) => title.split(/\s+/).length > 7)).toEqual([]);
}

const severities = ['error', 'warning', 'info'];
/** Every number of findings of each severity that is another word: none, one, many. */
const found = [0, 1, 12].flatMap((a) =>
  [0, 1, 12].flatMap((b) => [0, 1, 12].map((c) => [a, b, c])),
);
const gates: readonly GateView['status'][] = ['none', 'waiting', 'applied', 'rejected', 'refused'];

function reportTitle(
  kind: 'review' | 'fix',
  status: GateView['status'],
  counts: readonly number[],
) {
  const [tools = 0, ...rest] = counts;
  const findings = rest.flatMap((count, at) =>
    Array.from({ length: count }, () => sampleFinding({ severity: severities[at] })),
  );
  const toolErrors = Array.from({ length: tools }, () => ({ tool: 'ruff', message: 'x' }));
  const change = { path: 'a', before: null, after: null };
  return planWhole({
    task: sampleTask({ kind }),
    rules: sampleRules(),
    outcome: { ...sampleOutcome({ findings, toolErrors }), changes: [change, change] as never },
    files: new Map(),
    hunks: new Map(),
    gate: { status, reasons: [], mayApprove: 'Nobody.' },
    facts: nothingAsked,
    ledgerHead: { seq: 1, hash: digestOf('x') },
  }).check.output.title;
}

describe('a title has seven words at most', () => {
  test('of a result', () => {
    assertShort(
      found.flatMap((counts) =>
        [0, 1, 12].map((tools) => reportTitle('review', 'none', [tools, ...counts])),
      ),
    );
    assertShort(gates.map((status) => reportTitle('fix', status, [12, 1, 1, 1])));
  });

  test('of a task on its way', () => {
    const task = sampleTask();
    const waiting = { reason: 'It is quiet.', untilMs: null };
    const views = [
      states.planQueued(task),
      states.planWaiting(task, waiting),
      states.planRunning(task),
      states.planHeld(task, samplePolicy()),
    ];
    assertShort(views.map(({ output }) => output.title));
  });

  test('of a task that ended, for each reason and in each state', () => {
    const titleOf = (state: TaskState, reason: string | null) =>
      states.planEnded(sampleTask({ state, reason }), samplePolicy()).output.title;
    assertShort(TaskState.options.map((state) => titleOf(state, null)));
    assertShort(causes.map(([start]) => titleOf('failed', `${start}x`)));
  });

  test('of a merge group, and of a head that two pull requests have', () => {
    const group = { reviewedSha: null, conclusion: null };
    const groups = [12, null].flatMap((pullRequest) =>
      [true, false].map((hasPassed) => planGroup({ ...group, pullRequest, hasPassed })),
    );
    assertShort(groups.map(({ output }) => output.title));
    assertShort([withSibling(states.planQueued(sampleTask()), 12).output.title]);
  });

  test('of a policy, whatever a change does or is at fault', () => {
    const edit = { layer: 'repository', path: 'p.yml' } as const;
    const version = 'version: 1\n';
    const text = (body: string | null) => (body === null ? null : version + body);
    const titleOf = (before: string | null, after: string | null, organisation = '') =>
      planPolicyCheck({
        ...edit,
        before: text(before),
        after: text(after),
        above: [
          { layer: 'operator', file: 'op.yml', content: operatorText },
          { layer: 'organisation', file: 'org.yml', content: version + organisation },
        ],
      }).output.title;
    assertShort([
      titleOf(
        'limits: { pids: 64, cpus: 1 }',
        'limits: { pids: 65 }\nforks: refuse\ncommands: { short: true }',
      ),
      titleOf('', null),
      titleOf('x: 1', ''),
      titleOf('', 'x: 1\ny: 2'),
      titleOf('', '', 'x: 1'),
      planUnreadablePolicy(edit, 'is a link').output.title,
      planFaults([], 'main').output.title,
    ]);
  });
});
