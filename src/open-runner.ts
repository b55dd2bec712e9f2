import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerEngine } from './adapters/docker/docker-engine.ts';
import { DockerSandbox } from './adapters/docker/docker-sandbox.ts';
import { GitSource } from './adapters/git/git-source.ts';
import { readPromptTexts } from './adapters/prompts/prompt-files.ts';
import type { Config } from './config.ts';
import type { Runner } from './dispatch/runner.ts';
import { imageOfAgent } from './domain/agent-images.ts';
import { openEgress } from './open-egress.ts';
import type { BlankSandboxes } from './ports/blank-sandbox.ts';
import type { Sandbox } from './ports/sandbox.ts';

const policiesDir = join(import.meta.dirname, '../policies');

/** A runner whose sandboxes are those of an engine: nothing in front of it, nothing kept warm. */
export interface EngineRunner extends Runner {
  readonly sandbox: Sandbox & BlankSandboxes;
}

/** The engine and the mirrors: what a run needs besides the record. */
export function openRunner(config: Config): EngineRunner {
  return {
    id: config.runnerId,
    imageOf: (agent) => imageOfAgent(config, agent),
    engine: new DockerEngine({ socketPath: config.dockerSocket }),
    source: new GitSource({
      mirrorsDir: join(config.dataDir, 'mirrors'),
      caFile: config.github.caFile,
    }),
    sandbox: new DockerSandbox({
      docker: { socketPath: config.dockerSocket },
      seccompProfile: readFileSync(join(policiesDir, 'seccomp.json'), 'utf8'),
    }),
    egress: openEgress(config),
    promptTexts: readPromptTexts(join(policiesDir, 'instructions')),
    ownSecrets: secretsIn(config),
  };
}

/**
 * The App's secrets: the webhook's, and each line of the key, since one line of it is enough of a leak; also in the form
 * in which it signs, whose lines are others.
 */
export function secretsIn({ app }: Config): readonly string[] {
  if (app === null) return [];
  const lines = [app.privateKey, inPkcs8(app.privateKey)].flatMap((text) => text.split('\n'));
  const ofKey = lines.filter((line) => !line.startsWith('-----') && line.length >= 32);
  return [app.webhookSecret, ...new Set(ofKey)];
}

function inPkcs8(privateKey: string): string {
  try {
    return createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem' });
  } catch {
    // It signs nothing then; whoever is to sign with it says so.
    return '';
  }
}
