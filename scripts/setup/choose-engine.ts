import Docker from 'dockerode';
import { z } from 'zod';
import { announce } from './announce.ts';
import { type Engine, foreignEngine, leasePrivateEngine } from './engine.ts';
import { engineAnswers } from './engine-ping.ts';
import { ENGINE_PACKAGES, ensureSystemPackages } from './system-packages.ts';

const SYSTEM_SOCKET = '/var/run/docker.sock';

const EngineInfo = z.object({ Runtimes: z.record(z.string(), z.unknown()) });

/** The runtime names that an engine knows, such as `runc` and `runsc`; sorted. */
export async function engineRuntimes(socketPath: string): Promise<readonly string[]> {
  const info = EngineInfo.parse(await new Docker({ socketPath }).info());
  return Object.keys(info.Runtimes).sort();
}

/**
 * An engine to work with: the one that `DOCKER_HOST` names; else the system's, when it answers and
 * has gVisor; else one of our own, installed and started as needed; else the system's after all,
 * saying that the gVisor tests will not run.
 *
 * @throws Error when `DOCKER_HOST` names an engine that does not answer, or when there is no way to
 * one: the reason says what to install.
 */
export async function ensureEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const named = env['DOCKER_HOST'];
  if (named) return namedEngine(named);
  const hasSystem = await engineAnswers(SYSTEM_SOCKET);
  if (hasSystem && (await engineRuntimes(SYSTEM_SOCKET)).includes('runsc')) {
    return foreignEngine(SYSTEM_SOCKET);
  }
  try {
    await ensureSystemPackages(ENGINE_PACKAGES);
    return await leasePrivateEngine();
  } catch (error) {
    if (!hasSystem) throw error;
    announce(`using ${SYSTEM_SOCKET}, which lacks gVisor: what needs it will be skipped`);
    return foreignEngine(SYSTEM_SOCKET);
  }
}

async function namedEngine(host: string): Promise<Engine> {
  const socketPath = host.startsWith('unix://') ? host.slice('unix://'.length) : '';
  if (socketPath === '')
    throw new Error(`DOCKER_HOST=${host}: only unix:// addresses are supported`);
  if (await engineAnswers(socketPath)) return foreignEngine(socketPath);
  throw new Error(`DOCKER_HOST=${host}: no Docker Engine answers there`);
}
