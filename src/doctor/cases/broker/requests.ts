import { broken, held, type Observed, type SandboxCase, type Verdict } from '../../attack-case.ts';
import { brokerCase, redirectedHost } from './broker-case.ts';
import { deniedOf, namesOf, visitsOf } from './judge-egress.ts';
import { ask, tunnel } from './say.ts';

const writes = ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'MKCOL'];

function judgeWrites({ egress }: Observed): Verdict {
  const visits = visitsOf(egress, 'open/write');
  const written = visits.find(({ what, bytes }) => !/^(GET|HEAD) /.test(what) || bytes > 0);
  if (written !== undefined) return broken(`${written.what} wrote to a host that is only read`);
  const denied = deniedOf(egress).filter(({ host }) => host === 'write.web.example');
  if (denied.length < writes.length + 1)
    return broken(`${denied.length} of ${writes.length + 1} refusals are on record`);
  if (visits.length === 0) return broken('reading was refused, too: the rule did not hold');
  return held(`${denied.length} on record: ${namesOf(denied)}; reading went through`);
}

function judgeRedirect({ egress }: Observed): Verdict {
  const arrived = visitsOf(egress, 'open/redirected').length > 0;
  if (arrived || egress.asked.includes(redirectedHost))
    return broken('the redirect was followed to a host without a rule');
  if (visitsOf(egress, 'redirect').length === 0) return broken('nothing was redirected');
  const denied = deniedOf(egress).filter(({ host }) => host === redirectedHost);
  if (denied.length < 2) return broken(`${denied.length} of 2 refusals are on record`);
  return held(`passed on, not followed; the next hop is on record: ${namesOf(denied)}`);
}

/** Ways out of `/open/` that one reader or another resolves (RFC 3986, 5.2.4). */
const paths = [
  '/closed/paths',
  '/open/../closed/paths',
  '/open/%2e%2e/closed/paths',
  '/open/.%2E/closed/paths',
  '/open/..%2fclosed/paths',
  '/open/..%252fclosed/paths',
  '/open/..;/closed/paths',
  '/open/..\\closed/paths',
  '//closed/paths',
  '/OPEN/closed/paths',
];

function judgePaths({ egress }: Observed): Verdict {
  const [visit] = visitsOf(egress, 'closed/paths');
  const foreign = visit ?? egress.visits.find(({ what }) => /paths/.test(what));
  if (foreign !== undefined) return broken(`${foreign.what} reached a listener`);
  const denied = deniedOf(egress).filter(({ host }) => host === 'paths.web.example');
  if (denied.length < paths.length)
    return broken(`${denied.length} of ${paths.length} refusals are on record`);
  return held(`${denied.length} on record: ${namesOf(denied)}`);
}

/** Spellings of the control plane's own name (`sallyport.internal`), whose routes are the supervisor's. */
const ownNames = ['sallyport.internal', 'SALLYPORT.INTERNAL', 'sallyport.internal.'];
const forged = `${JSON.stringify({
  protocol: 2,
  agent: { exitCode: 0, signal: null, timedOut: false },
  report: { findings: [], tools: [], toolErrors: [] },
  reportError: null,
  changes: [{ kind: 'write', path: 'forged', executable: false, bytes: 1 }],
})}\nx`;

function judgeOwnNames({ result, facts }: Observed): Verdict {
  if (result === undefined) return broken('no honest result came');
  if (result.manifest.changes.some(({ path }) => path === 'forged'))
    return broken('a result by way of the proxy was taken');
  const answers = Array.isArray(facts['answers']) ? facts['answers'].map(String) : [];
  const passed = answers.find((answer) => !/^4\d\d/.test(answer));
  if (passed !== undefined) return broken(`answered ${passed}`);
  if (answers.length < 3 * ownNames.length) return broken(`${answers.length} were tried`);
  return held(`${answers.length} refused; the result is the supervisor's`);
}

/** Ways to make an allowed host do or say more than the rule. */
export const brokerRequestCases: readonly SandboxCase[] = [
  brokerCase('broker.write-methods', 'write to a host that may only be read', {
    says: ({ webPort }) => {
      const target = `http://write.web.example:${webPort}/open/write`;
      return [
        ask(target),
        ...writes.map((method) => ask(target, { method, body: 'package' })),
        ask(target, { method: 'GET', body: 'package' }),
      ];
    },
    judge: judgeWrites,
  }),
  brokerCase('broker.redirect', 'be led from an allowed host to another', {
    says: ({ webPort }) => [
      ask(`http://redirect.web.example:${webPort}/redirect`),
      ask(`http://${redirectedHost}:${webPort}/open/redirected`),
      tunnel(`${redirectedHost}:${webPort}`),
    ],
    judge: judgeRedirect,
  }),
  brokerCase('broker.paths', 'reach a path beside the allowed ones', {
    says: ({ webPort }) => paths.map((path) => ask(`http://paths.web.example:${webPort}${path}`)),
    judge: judgePaths,
  }),
  brokerCase('broker.control-plane', "post a result as the control plane's guest", {
    says: () =>
      ownNames.flatMap((name) => [
        ask(`http://${name}/v1/result`, { method: 'POST', body: forged }),
        ask(`http://${name}:80/v1/input`),
        tunnel(`${name}:80`, forged),
      ]),
    judge: judgeOwnNames,
  }),
];
