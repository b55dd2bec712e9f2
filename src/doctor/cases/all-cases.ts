import type { SandboxCase } from '../attack-case.ts';
import type { Bench } from '../bench.ts';
import type { ControlPlaneCase } from '../control-plane-case.ts';
import { brokerCeilingCases } from './broker/ceilings.ts';
import { brokerModelCases } from './broker/model.ts';
import { brokerNameCases } from './broker/names.ts';
import { brokerRequestCases } from './broker/requests.ts';
import { brokerTunnelCases } from './broker/tunnels.ts';
import { credentialCases } from './credentials.ts';
import { escapeCases } from './escape.ts';
import { fileCases } from './files.ts';
import { neighbourCases } from './neighbours.ts';
import { networkCases } from './network.ts';
import { outputCases } from './output.ts';
import { residueCases } from './residue.ts';
import { resourceCases } from './resources.ts';
import { resultCases } from './results.ts';
import { supervisorCases } from './supervisor.ts';
import { wireCases } from './wire.ts';

/** Any case of the suite. */
export type AttackCase = SandboxCase | ControlPlaneCase;

/** The containment suite, in the order of its scoreboard. */
export function allCases(show: Bench['show']): readonly AttackCase[] {
  return [
    ...resourceCases,
    ...outputCases(show),
    ...escapeCases,
    ...networkCases,
    ...brokerNameCases,
    ...brokerTunnelCases,
    ...brokerRequestCases,
    ...brokerModelCases,
    ...brokerCeilingCases,
    ...credentialCases,
    ...fileCases,
    ...resultCases,
    ...supervisorCases,
    ...wireCases,
    ...neighbourCases,
    ...residueCases,
  ];
}
