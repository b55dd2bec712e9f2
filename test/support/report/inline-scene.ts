import type { FindingRecord } from '../../../src/domain/finding-record.ts';
import { marksOf } from '../../../src/domain/fingerprint.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import type { OwnThread } from '../../../src/ports/review-threads.ts';
import { findingMarker } from '../../../src/report/inline/marker.ts';
import {
  type InlineParts,
  type PlannedInline,
  planInline,
} from '../../../src/report/inline/plan-inline.ts';
import { sampleOutcome, sampleRules, sampleTask } from './samples.ts';

/** The head's file `path`, in which every line is commentable unless told, and what the agent makes of it. */
export interface SceneFile {
  readonly head: string;
  readonly after?: string | Uint8Array;
  readonly isShown?: boolean;
  /** Does the agent remove it? */
  readonly isRemoved?: boolean;
}

/** One look at a pull request. */
export interface Look {
  /** Names the task. */
  readonly cause?: string;
  readonly files?: Readonly<Record<string, SceneFile>>;
  readonly outcome?: Partial<Outcome>;
  readonly review?: Partial<EffectiveTask['review']>;
  readonly outputs?: Partial<EffectiveTask['outputs']>;
  readonly known?: readonly FindingRecord[];
  readonly threads?: readonly OwnThread[];
}

/** Plans it, with marks made as the runner makes them. */
export function look({ files = {}, known = [], threads = [], ...given }: Look): PlannedInline {
  const rules = sampleRules();
  const findings = given.outcome?.findings ?? [];
  const marks = findings.map((one) => marksOf(one, files[one.path]?.head.split('\n')));
  const changed = Object.entries(files).filter(([, { after }]) => after !== undefined);
  const parts: InlineParts = {
    task: sampleTask({ id: taskIdFor(given.cause ?? 'first', 'review') }),
    rules: {
      ...rules,
      review: { ...rules.review, ...given.review },
      outputs: { ...rules.outputs, ...given.outputs },
    },
    outcome: sampleOutcome({ ...given.outcome, findings, marks }),
    files: new Map(
      changed.map(([path, { head, after, isRemoved = false }]) => [
        path,
        { before: Buffer.from(head), after: isRemoved ? null : Buffer.from(after ?? '') },
      ]),
    ),
    hunks: new Map(
      Object.entries(files)
        .filter(([, { isShown = true }]) => isShown)
        .map(([path, { head }]) => [path, [wholeOf(head)]]),
    ),
    known,
    threads,
  };
  return planInline(parts);
}

function wholeOf(head: string) {
  const lines = head.split('\n').length;
  return { oldStart: 1, oldLines: lines, newStart: 1, newLines: lines };
}

/** A thread of ours about a finding; `fields` replaces any part of it. */
export function threadOn(id: string, fields: Partial<OwnThread> = {}): OwnThread {
  return {
    threadId: `thread-${id}`,
    commentNodeId: `node-${id}`,
    commentId: 9,
    body: `${findingMarker(id)}\n\nwords`,
    isResolved: false,
    resolvedBy: null,
    resolvedById: null,
    isOutdated: false,
    isMinimised: false,
    isAnswered: false,
    dislikedBy: [],
    ...fields,
  };
}
