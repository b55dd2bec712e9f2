import { readFileSync } from 'node:fs';
import { Finding } from '../../../src/domain/finding.ts';
import { CommitSha, DeliveryId, digestOf, taskIdFor } from '../../../src/domain/ids.ts';
import { Outcome } from '../../../src/domain/outcome.ts';
import { Task } from '../../../src/domain/task.ts';
import { egressOf } from '../../../src/policy/decide/egress-of.ts';
import type { EffectivePolicy, EffectiveTask } from '../../../src/policy/effective-policy.ts';
import type { EgressPolicy } from '../../../src/policy/egress-policy.ts';
import { type OperatorLayer, parseOperatorLayer } from '../../../src/policy/operator-layer.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';

const policyFile = new URL('../../../policies/default.yml', import.meta.url);

/** The operator's layer that Sallyport ships with. */
export function sampleLayer(): OperatorLayer {
  return parseOperatorLayer(readFileSync(policyFile), 'default.yml');
}

/** The policy that Sallyport ships with. */
export function samplePolicy(): EffectivePolicy {
  return sampleLayer().loaded.policy;
}

/** The rules of one of its tasks. */
export function sampleRules(name = 'review'): EffectiveTask {
  return rulesOf(samplePolicy(), name);
}

/** What one of its tasks may reach. */
export function sampleReach(name = 'review'): EgressPolicy {
  return egressOf(samplePolicy(), sampleRules(name));
}

/** A review of pull request 7 that is under way; `fields` replaces any part of it. */
export function sampleTask(fields: Partial<Task> = {}): Task {
  return Task.parse({
    id: taskIdFor('sample', 'review'),
    name: fields.kind ?? 'review',
    kind: 'review',
    state: 'done',
    repository: { installationId: 1, repositoryId: 42, owner: 'acme', name: 'parcels' },
    subjectKind: 'pull-request',
    pullRequest: 7,
    headSha: CommitSha.parse('a'.repeat(40)),
    baseSha: CommitSha.parse('b'.repeat(40)),
    cause: DeliveryId.parse('sample'),
    instructions: null,
    parameters: {},
    requestedBy: { id: 5, login: 'octocat', type: 'User' },
    isAutomatic: false,
    policyDigest: digestOf('policy'),
    checkRunId: 101,
    checkConcluded: false,
    attempt: 1,
    runnerId: null,
    inputDigest: digestOf('input'),
    imageDigest: digestOf('image'),
    outcomeDigest: digestOf('outcome'),
    patchDigest: digestOf('patch'),
    reason: null,
    createdAtMs: 1,
    updatedAtMs: 2,
    ...fields,
  });
}

/** A clean outcome of one tool; `fields` replaces any part of it. */
export function sampleOutcome(fields: Partial<Outcome> = {}): Outcome {
  return Outcome.parse({
    findings: [],
    changes: [],
    refused: [],
    omitted: [],
    tools: [{ name: 'ruff', version: '0.9.1' }],
    toolErrors: [],
    mergeBaseSha: CommitSha.parse('c'.repeat(40)),
    diffDigest: digestOf('diff'),
    inputDigest: digestOf('input'),
    imageDigest: digestOf('image'),
    runtime: 'runsc',
    runMs: 12_345,
    ...fields,
  });
}

/** An error on line 3 of `src/a.py`; `fields` replaces any part of it. */
export function sampleFinding(fields: Record<string, unknown> = {}): Finding {
  return Finding.parse({
    tool: 'ruff',
    rule: 'F821',
    severity: 'error',
    path: 'src/a.py',
    range: { startLine: 3, endLine: 3, startColumn: 5, endColumn: 9 },
    message: 'Undefined name `totl`',
    ...fields,
  });
}
