import { BullQueue } from '../adapters/bullmq/bull-queue.ts';
import { DockerEngine } from '../adapters/docker/docker-engine.ts';
import { SEARCH_PATH } from '../adapters/redis/server-process.ts';
import { type Config, plantInEnvironment } from '../config.ts';
import { TaskJob } from '../dispatch/context.ts';
import { type Check, type Finding, fault, ok } from '../doctor/check.ts';
import { judgeApp, judgeSecret, judgeSecrets } from '../doctor/checks/credentials.ts';
import { engineChecks } from '../doctor/checks/engine.ts';
import { machineChecks, redisProgramCheck, secretFileCheck } from '../doctor/checks/machine.ts';
import { judgeLedger } from '../doctor/checks/record.ts';
import { type ProbeSubject, probeRuntime } from '../doctor/probe.ts';
import { wantedImages } from '../doctor/wanted-images.ts';
import { openCredentials } from '../open-egress.ts';
import { openRunner } from '../open-runner.ts';
import type { LoadedPolicy } from '../policy/policies.ts';
import type { Log } from '../ports/log.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { systemClock } from '../system-clock.ts';
import { hasStore, loadPolicy, openFetch, openStore } from '../wiring.ts';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const githubAnswerMs = 5_000;

/** Every check of an installation, in the order in which one would mend it. */
export function installationChecks(config: Config): readonly Check[] {
  return [
    ...machineChecks(config.dataDir),
    policyCheck(config),
    ...sandboxChecks(config),
    config.redisUrl === null ? redisProgramCheck(SEARCH_PATH) : redisCheck(config.redisUrl),
    recordCheck(config),
    { name: 'app', look: () => judgeApp(config.app) },
    { name: 'secret', look: () => judgeSecret(config.app) },
    ...(config.credentialsFile === null
      ? []
      : [secretFileCheck('credentials', config.credentialsFile)]),
    secretsCheck(config),
    ...(config.app === null ? [] : [githubCheck(config)]),
  ];
}

/** Names of secrets come from the operator's layer alone: no other may add a rule or a route. */
function secretsCheck(config: Config): Check {
  return {
    name: 'secrets',
    look: () => {
      const { egress } = loadPolicy(config.policyFile).loaded.policy;
      const named = [...egress.rules, ...egress.modelRoutes].flatMap((one) =>
        'credential' in one && one.credential !== undefined ? [one.credential] : [],
      );
      return judgeSecrets(named, openCredentials(config));
    },
  };
}

function policyCheck({ policyFile }: Config): Check {
  return {
    name: 'policy',
    look: () => ok(`${policyFile}, ${loadPolicy(policyFile).loaded.digest.slice(0, 19)}`),
  };
}

/** Without a policy nobody knows what the engine has to be. */
function sandboxChecks(config: Config): readonly Check[] {
  let loaded: LoadedPolicy;
  try {
    loaded = loadPolicy(config.policyFile).loaded;
  } catch {
    // The check of the policy says what is wrong with it.
    return [];
  }
  const { policy } = loaded;
  const engine = new DockerEngine({ socketPath: config.dockerSocket });
  const { sandbox, imageOf } = openRunner(config);
  const images = wantedImages(policy, imageOf);
  const probes = images.flatMap(({ ref: image, runtimes }) =>
    runtimes.map((runtime) => ({
      name: 'sandbox',
      look: () => probeSandbox(sandbox, { runtime, image, limits: policy.limits }),
    })),
  );
  const { concurrency } = config;
  return [...engineChecks({ engine, images, policy, concurrency }), ...probes];
}

async function probeSandbox(
  sandbox: Sandbox,
  subject: Omit<ProbeSubject, 'ownerId'>,
): Promise<Finding> {
  const ports = { sandbox, clock: systemClock, plant: plantInEnvironment };
  const ownerId = `doctor-${process.pid}`;
  const { failures, ms } = await probeRuntime(ports, { ...subject, ownerId });
  const of = `one of ${subject.image} under ${subject.runtime}`;
  return failures.length === 0
    ? ok(`${of} is what it should be, seen from its inside in ${ms} ms`)
    : fault(
        `${of}: ${failures.join('; ')}`,
        'Run sallyport doctor --attack; mend the engine or the image.',
      );
}

function redisCheck(url: string): Check {
  const look = async () => {
    const queue = new BullQueue({ name: 'tasks', redis: { url }, schema: TaskJob, log: silent });
    try {
      await queue.ping();
      return ok('answers at REDIS_URL');
    } finally {
      await queue.close();
    }
  };
  return { name: 'redis', look };
}

/** Opening brings the schema up to date, as a start would. */
function recordCheck(config: Config): Check {
  const look = async () => {
    if (!hasStore(config)) return ok('the record is made at the first start');
    const store = await openStore(config, systemClock);
    try {
      await store.ping();
      return await judgeLedger(store.ledger);
    } finally {
      await store.close();
    }
  };
  return { name: 'ledger', look };
}

/** Only asked where an App is configured, and without its credentials: any answer means that it is there. */
function githubCheck(config: Config): Check {
  const { apiUrl } = config.github;
  const look = async () => {
    const ask = openFetch(config);
    try {
      const signal = AbortSignal.timeout(githubAnswerMs);
      const { status } = await ask(`${apiUrl}/`, { method: 'HEAD', redirect: 'manual', signal });
      return ok(`${apiUrl} answers with ${status}`);
    } catch {
      const mend = 'Let the control plane out to it, or correct GITHUB_API_URL or GITHUB_CA_FILE.';
      return fault(`${apiUrl} does not answer`, mend);
    }
  };
  return { name: 'github', look };
}
