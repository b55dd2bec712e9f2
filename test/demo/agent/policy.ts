import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { AgentChoice } from './choice.ts';

/** Of the policy that ships, what an agent changes. */
const Shipped = z.looseObject({
  egress: z.looseObject({ allowAddresses: z.array(z.string()) }),
  tasks: z.looseObject({ review: z.looseObject({}), fix: z.looseObject({}) }),
});

/** The name that the route gives its key: the App looks for it in `SALLYPORT_CREDENTIAL_DEMO`. */
export const credentialName = 'demo';

/**
 * The policy that ships (`text`), with the agent in place of the linters and one route to its model. A model that is
 * played is on loopback, and only then may that be reached.
 */
export function policyWith(text: string, choice: AgentChoice, upstream: string): string {
  const { name, provider, liveKey } = choice;
  const policy = Shipped.parse(parse(text));
  const route = {
    id: 'demo',
    kind: provider.api,
    authority: 'demo.model.sallyport.internal',
    upstream,
    credential: { name: credentialName, header: provider.header },
    paths: [provider.path],
    models: [provider.model],
    // A dollar for one task: the sample takes a few cents of it.
    limits: { tokens: 1_000_000, costMicroUsd: 1_000_000, requests: 100 },
  };
  const allowAddresses = liveKey === null ? ['127.0.0.1/32'] : policy.egress.allowAddresses;
  return stringify({
    ...policy,
    agents: ['linters', name],
    egress: { ...policy.egress, modelRoutes: [route], allowAddresses },
    tasks: {
      ...policy.tasks,
      review: { ...policy.tasks.review, agent: name },
      fix: { ...policy.tasks.fix, agent: name },
    },
  });
}
