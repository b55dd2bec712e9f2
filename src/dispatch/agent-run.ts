import type { EgressRecord } from '../broker/egress-record.ts';
import type { ModelMeters } from '../broker/model-meters.ts';
import type { Digest } from '../domain/ids.ts';
import type { Peaks } from '../domain/peaks.ts';
import type { Purpose } from '../domain/purpose.ts';
import type { SecondOpinion } from '../domain/second-opinion.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { Source, SourceLocation } from '../ports/source.ts';
import type { ArtifactStore } from '../ports/store.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { PolicyInstructions } from '../protocol/task-input.ts';
import type { AgentAsk, JudgeAsk } from './agent-ask.ts';
import type { AgentOrder } from './agent-input.ts';
import type { KnownFinding } from './known-findings.ts';
import type { Incident } from './leak-guard.ts';
import type { EgressPorts } from './open-broker.ts';
import type { Assigned } from './run-sandbox.ts';
import type { StageName } from './stage-name.ts';

/** The outside systems that a run needs; the same for a pull request and for a local repository. */
export interface AgentPorts {
  readonly source: Source;
  readonly sandbox: Sandbox;
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  readonly egress: EgressPorts;
  /** Secrets of the control plane, besides the credentials of `egress`: none may come out of a sandbox. */
  readonly ownSecrets?: readonly string[];
}

/** One run of an agent over two commits, and what looks at its result in sandboxes of their own. */
export interface AgentRun {
  readonly task: AgentOrder['task'];
  /** What it is to achieve; as its kind says when left out. */
  readonly purpose?: Purpose;
  /** What the policy tells the agent; nothing when left out. */
  readonly policyInstructions?: PolicyInstructions | null;
  /** What the agent is to achieve, its model and what it is told in words; nothing of it when left out. */
  readonly ask?: AgentAsk | undefined;
  /** What was found here before; nothing when left out. */
  readonly known?: readonly KnownFinding[];
  readonly location: SourceLocation;
  readonly rules: EffectiveTask;
  readonly reach: EgressPolicy;
  readonly image: string;
  /** Who is asked of the findings after it; nobody when left out. */
  readonly judge?: JudgeAsk | undefined;
  /** Is the agent told of every file in place of those that changed? Where nothing did, there is no other choice. */
  readonly wholeTree?: boolean;
  /** What all its sandboxes together use of models; shared with nobody unless told. */
  readonly models?: ModelMeters | undefined;
  readonly ownerId: string;
  readonly signal: AbortSignal;
  /** The sandbox waits for its promise; a rejection ends the run with that error. */
  readonly onEvent: (event: SandboxEvent, stage: StageName) => void | Promise<void>;
  /** Told once for each stage which sandbox it has. */
  readonly onAssigned?: (assigned: Assigned, stage: StageName) => void | Promise<void>;
  /** Told once for each stage what it used, however it ends. */
  readonly onPeaks?: (peaks: Peaks, stage: StageName) => void | Promise<void>;
  /** Takes each decision of the broker before it is acted on; a rejection ends the run with that error. */
  readonly onEgress: (record: EgressRecord, stage: StageName) => Promise<void>;
  /** Told where a secret was seen in what came out; the run then fails and nothing of it is kept. */
  readonly onIncident?: (incident: Incident, stage: StageName) => Promise<void>;
  /** Told what a second agent said of the findings, and by which prompt (null: it was not asked), before anything comes of it. */
  readonly onOpinions?: (opinions: SecondOpinion, promptDigest: Digest | null) => Promise<void>;
  /** Called when the input is ready and the first sandbox is about to start; null: the agent has no prompt. */
  readonly onPrepared: (inputDigest: Digest, promptDigest: Digest | null) => Promise<void>;
}
