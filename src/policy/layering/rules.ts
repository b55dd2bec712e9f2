import type { z } from 'zod';
import type { Layer, TaskSection } from '../document/layer.ts';
import type { Rule, RuleNode, RuleTree } from './rule.ts';

const atMost = { kind: 'at-most' } as const;
const nearest = { kind: 'nearest' } as const;
/** Each entry starts something. */
const startsMore = { kind: 'nearest', starts: 'with-each' } as const;
/** Less may start by a change, or more. */
const startsElse = { kind: 'nearest', starts: 'in-doubt' } as const;
const subset = { kind: 'subset' } as const;
const union = { kind: 'union' } as const;
const every = { kind: 'every' } as const;
const who = { kind: 'who' } as const;
const operator = { kind: 'operator' } as const;
const unconfirmed = { kind: 'ordered', order: ['drop', 'downgrade', 'keep'] } as const;
const mayBecomeFalse = { kind: 'ordered', order: [true, false] } as const;
const mayBecomeTrue = { kind: 'ordered', order: [false, true] } as const;

const taskBudget = { tokens: atMost, costMicroUsd: atMost, requests: atMost } as const;
const budget = { tasks: atMost, minutes: atMost, ...taskBudget } as const;

const egressCeilings = {
  use: subset,
  limits: {
    networkBytes: atMost,
    requests: atMost,
    connections: atMost,
    concurrent: atMost,
    headerBytes: atMost,
    bodyBytes: atMost,
  },
} as const;

/** Rules of what both the top and a task may say. */
const ceilings = {
  runtime: { kind: 'ordered', order: ['runc', 'runsc'] },
  forks: { kind: 'ordered', order: ['run', 'wait', 'refuse'] },
  inputs: { include: { ...every, blinds: true }, exclude: { ...union, blinds: true } },
  outputs: {
    comments: { kind: 'ordered', order: ['automatic', 'none'] },
    suggestions: { kind: 'ordered', order: ['automatic', 'none'] },
    patch: { kind: 'ordered', order: ['approval', 'none'] },
    pullRequest: { kind: 'ordered', order: ['ready', 'draft'] },
    labels: subset,
    answer: { kind: 'ordered', order: ['automatic', 'none'] },
  },
  run: who,
  approve: who,
  approvals: {
    count: { kind: 'at-least' },
    requesterMayApprove: mayBecomeFalse,
    codeOwners: mayBecomeTrue,
    expiresAfterHours: atMost,
  },
  limits: {
    memoryBytes: atMost,
    cpus: atMost,
    pids: atMost,
    openFiles: atMost,
    workspaceBytes: atMost,
    workspaceInodes: atMost,
    tmpBytes: atMost,
    wallClockMs: atMost,
    inputFileBytes: atMost,
    eventBytes: atMost,
    resultBytes: atMost,
    resultFiles: atMost,
    findings: atMost,
  },
  egress: egressCeilings,
  budgets: {
    perTask: taskBudget,
    perPullRequest: budget,
    perRepository: budget,
    perOrganisation: budget,
  },
  protectedPaths: { kind: 'protect' },
  patch: { paths: every, maxFiles: atMost, maxFileBytes: atMost, maxBytes: atMost },
  review: {
    maxComments: atMost,
    maxFileComments: atMost,
    summaryComment: { kind: 'ordered', order: ['sticky', 'none'] },
    linkHosts: subset,
    inline: { kind: 'ordered', order: ['findings', 'suggestions'] },
    refuted: unconfirmed,
    unsure: unconfirmed,
  },
  verify: { commands: union, required: mayBecomeTrue },
  conclusion: {
    failOn: { kind: 'ordered', order: ['never', 'error', 'warning', 'info'] },
    ownFailure: { kind: 'ordered', order: ['neutral', 'failure'] },
    skipped: nearest,
  },
  quietHours: union,
} as const;

const task: RuleTree<z.infer<typeof TaskSection>> = {
  within: { kind: 'within' },
  enabled: { ...mayBecomeFalse, blinds: true },
  purpose: startsElse,
  agent: { kind: 'member', list: 'agents' },
  model: { route: nearest, name: nearest },
  commands: nearest,
  secondOpinion: {
    agent: { kind: 'member', list: 'agents' },
    model: { route: nearest, name: nearest },
  },
  image: { kind: 'pin', list: 'images' },
  instructions: nearest,
  parameters: { names: { kind: 'subset', unsaid: 'nothing' }, values: { '*': subset } },
  triggers: {
    events: startsMore,
    issues: startsMore,
    branches: startsElse,
    paths: startsElse,
    ignorePaths: startsElse,
    labels: { any: startsElse, none: startsElse },
    drafts: startsElse,
    command: nearest,
  },
  ...ceilings,
};

const layer: RuleTree<Layer> = {
  version: nearest,
  check: { name: operator },
  agents: subset,
  images: subset,
  concurrency: { perRepository: atMost, perOrganisation: atMost },
  commands: { short: nearest },
  loop: { rounds: atMost, chainDepth: atMost },
  ...ceilings,
  egress: {
    ...egressCeilings,
    rules: { kind: 'operator', opens: true },
    modelRoutes: { kind: 'operator', opens: true },
    allowAddresses: { kind: 'operator', opens: true },
    refuseAddresses: { kind: 'operator', opens: false },
  },
  tasks: { '*': task },
};

/** The rule of every leaf of a policy document, in the document's own shape. */
export const layerRules: RuleNode = layer;

/** What a task may say that the top says as well, and therefore narrows. */
export const ceilingRules: RuleNode = ceilings;

/** The rule of one leaf, as `limits.pids` or `tasks.fix.limits.pids`; undefined when there is none. */
export function ruleAt(path: readonly string[]): Rule | undefined {
  let node: RuleNode | Rule | undefined = layerRules;
  for (const key of path) {
    const branch: RuleNode = node as RuleNode;
    const name: string = Object.hasOwn(branch, '*') ? '*' : key;
    node = Object.hasOwn(branch, name) ? branch[name] : undefined;
    if (node === undefined) return undefined;
  }
  return node as Rule;
}
