import type { SandboxEvent } from '../../src/protocol/event.ts';
import type { ResultManifest } from '../../src/protocol/result.ts';
import { protocolVersion } from '../../src/protocol/task-input.ts';
import { type AgentEnd, awaitAgent, NoExecRecord, runAgent } from './agent-process.ts';
import { collectChanges } from './collect-changes.ts';
import type { ControlPlane } from './control-plane.ts';
import { agentIdentity, asAgent } from './identity.ts';
import { leaveBudget } from './leave-budget.ts';
import type { Places } from './places.ts';
import type { AgentProxy } from './proxy/start-proxy.ts';
import { readReport } from './report/read-report.ts';
import { resultBody } from './result-body.ts';
import { type Unpacked, unpack } from './unpack.ts';

/** The life of a sandbox: take the input, run the agent, hand back what it left. */
export async function supervise(
  controlPlane: ControlPlane,
  {
    proxy,
    places,
  }: { readonly proxy: Pick<AgentProxy, 'close' | 'modelLimit'>; readonly places: Places },
): Promise<void> {
  controlPlane.send({ type: 'phase', phase: 'unpacking' });
  const tracer = awaitAgent();
  const bundle = await controlPlane.input();
  // Before the identity changes, which is the whole supervisor's: strace has to be started by root. That it could
  // not be is told where there is an agent to run.
  await Promise.allSettled([tracer]);
  const unpacked = await unpack(bundle, { places, agent: agentIdentity() });
  leaveBudget(places.task, controlPlane.budget);
  controlPlane.send({ type: 'phase', phase: 'running' });
  const { canary, modelKey } = controlPlane;
  const order = { input: unpacked.input, canary, modelKey };
  const send = (event: SandboxEvent): void => controlPlane.send(event);
  const { modelLimit } = proxy;
  const ended = await runAgent(tracer, order, { send, modelLimit }).catch((error: unknown) =>
    refuse(controlPlane, error),
  );
  // Nobody is left to use it; what is under way must not stand beside the result.
  await proxy.close();
  controlPlane.send({ type: 'phase', phase: 'collecting' });
  await asAgent(async () => {
    const manifest = manifestOf(unpacked, ended, places);
    await controlPlane.endEvents();
    await controlPlane.postResult(resultBody(places.workspace, manifest));
  });
  await controlPlane.close();
}

/** Says why there is no result, before the failure ends the sandbox. */
async function refuse(controlPlane: ControlPlane, error: unknown): Promise<never> {
  if (error instanceof NoExecRecord) controlPlane.send({ type: 'no-exec-record' });
  await controlPlane.endEvents();
  throw error;
}

function manifestOf(
  { input, given }: Unpacked,
  { end: agent, askedToEnd }: { readonly end: AgentEnd; readonly askedToEnd: boolean },
  places: Places,
): ResultManifest {
  const { resultBytes, resultFiles } = input.limits;
  const limits = { fileBytes: resultBytes, resultFiles };
  const changes = [...collectChanges(places.workspace, given, limits)];
  const { kind, agent: name } = input;
  const run = { kind, agent: name, end: agent, askedToEnd, hasChanged: changes.length > 0 };
  return { protocol: protocolVersion, agent, ...readReport(places, run), changes };
}
