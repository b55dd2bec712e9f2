import { broken, held, type Observed, type SandboxCase, type Verdict } from '../../attack-case.ts';
import type { EgressSeen } from '../../egress/egress-seen.ts';
import type { Visit } from '../../egress/upstreams.ts';
import { suiteModelKey } from '../../egress/way-out.ts';
import { allowedModel, brokerCase, modelAuthority } from './broker-case.ts';
import { deniedOf, namesOf } from './judge-egress.ts';
import { ask, askModel } from './say.ts';

const body = (part: object = {}) => ({
  model: allowedModel,
  max_tokens: 1,
  messages: [{ role: 'user', content: 'hello' }],
  ...part,
});
/** The one header of the sandbox's that goes on: by it the upstream's visits are told apart. */
const from = (word: string) => `User-Agent: suite-${word}`;

function visitsFrom({ visits }: EgressSeen, word: string): readonly Visit[] {
  return visits.filter(({ headers }) => headers['user-agent'] === `suite-${word}`);
}

const foreignKey = 'attacker-0123456789';
const foreignCalls = 3;
const foreignWords = new RegExp(`${foreignKey}|${suiteModelKey}`);

function judgeKey({ egress }: Observed): Verdict {
  const visits = visitsFrom(egress, 'key');
  const refused = deniedOf(egress).filter(({ reason }) => reason === 'model-key').length;
  const told = visits.find(({ what, headers }) =>
    foreignWords.test(JSON.stringify([what, headers])),
  );
  if (told !== undefined)
    return broken(`the upstream was given a key of the sandbox: ${told.what}`);
  const keyed = visits.filter(({ headers }) => headers['x-api-key'] === egress.places.operatorKey);
  if (keyed.length === 0) return broken('no call reached the upstream');
  if (keyed.length < visits.length) return broken("a call came without the operator's key");
  if (visits.length > 1 || refused < foreignCalls) return broken('a foreign key opened a model');
  return held(`1 call came, with the operator's key alone; ${refused} refused for a foreign one`);
}

function judgeDenied(word: string, reasons: readonly string[], atLeast: number) {
  return ({ egress }: Observed): Verdict => {
    const [visit] = visitsFrom(egress, word);
    if (visit !== undefined) return broken(`${visit.what} reached the upstream`);
    const denied = deniedOf(egress).filter(
      ({ host, reason }) => host.endsWith('sallyport.internal') && reasons.includes(reason),
    );
    if (denied.length < atLeast)
      return broken(`${denied.length} of ${atLeast} refusals are on record`);
    return held(`${denied.length} on record: ${namesOf(denied)}`);
  };
}

const otherPaths = [
  '/suite/v1/files',
  '/suite/v1/messages/batches',
  '/suite/v1/messages/../files',
  '/suite/v1/messages/%2e%2e/files',
  '/other/v1/messages',
];
const remote: readonly object[] = [
  { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
  { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }] },
  { mcp_servers: [{ type: 'url', url: 'https://collector.example', name: 'x' }] },
  {
    messages: [
      {
        role: 'user',
        content: [{ type: 'image', source: { type: 'url', url: 'https://collector.example/a' } }],
      },
    ],
  },
];
const remoteReasons = [
  'model-tool:web_search_20250305',
  'model-tool:web_fetch_20250910',
  'model-field:mcp_servers',
  'model-remote-url',
];

/** Ways to make of a model a way out. */
export const brokerModelCases: readonly SandboxCase[] = [
  brokerCase('broker.model-key', "use a key of the agent's own with a model", {
    says: () => {
      const keys = [`X-Api-Key: ${foreignKey}`, `Authorization: Bearer ${foreignKey}`];
      const headers = [from('key'), ...keys];
      const text = JSON.stringify(body());
      return [
        askModel('/suite/v1/messages', { headers: [from('key')], body: body() }),
        askModel('/suite/v1/messages', { headers, body: body() }),
        askModel(`/suite/v1/messages?key=${foreignKey}`, { headers, body: body() }),
        ask(`http://${modelAuthority}/v1/messages`, {
          method: 'POST',
          headers: [...headers, 'Content-Type: application/json'],
          body: text,
        }),
      ];
    },
    judge: judgeKey,
  }),
  brokerCase('broker.model-path', "ask for another path of a model's provider", {
    says: () => otherPaths.map((path) => askModel(path, { headers: [from('path')], body: body() })),
    judge: judgeDenied(
      'path',
      [
        'no-rule-for-path',
        'no-route',
        'path-dots',
        'path-traversal',
        'path-segments',
        'path-malformed',
      ],
      otherPaths.length,
    ),
  }),
  brokerCase('broker.model-name', 'ask for another model', {
    says: () =>
      ['expensive-model', `${allowedModel} `, ['allowed-model'], null].map((model) =>
        askModel('/suite/v1/messages', { headers: [from('name')], body: body({ model }) }),
      ),
    judge: judgeDenied('name', ['model-not-allowed'], 4),
  }),
  brokerCase('broker.model-remote', 'let the provider fetch and run', {
    says: () =>
      remote.map((part) =>
        askModel('/suite/v1/messages', { headers: [from('remote')], body: body(part) }),
      ),
    judge: judgeDenied('remote', remoteReasons, remote.length),
  }),
];
