import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/setup/root.ts';
import { ScriptedModel } from '../../support/models/scripted-model.ts';
import type { AgentChoice } from './choice.ts';
import { credentialName, policyWith } from './policy.ts';
import { sampleScript } from './sample-script.ts';

/** An agent, ready to be played with. */
export interface AgentStage {
  /** What the App's environment has besides. */
  readonly env: Readonly<Record<string, string>>;
  /** What the scripted model was asked or answered that no provider's types allow; nothing of a live one. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/**
 * Writes the policy of a demo with this agent into `folder`, and starts a model unless a real one is asked.
 * `image` is the id of the agent's image.
 */
export async function setAgentStage(
  choice: AgentChoice,
  { folder, image }: { readonly folder: string; readonly image: string },
): Promise<AgentStage> {
  const key = choice.liveKey ?? `sk-demo-${randomUUID()}`;
  const model =
    choice.liveKey === null
      ? await ScriptedModel.start({ script: sampleScript(choice.name), key })
      : null;
  const shipped = await readFile(join(ROOT, 'policies/default.yml'), 'utf8');
  const file = join(folder, 'policy.yml');
  await writeFile(file, policyWith(shipped, choice, model?.url ?? choice.provider.url));
  return {
    env: {
      SALLYPORT_POLICY: file,
      SALLYPORT_AGENT_IMAGES: `${choice.name}=${image}`,
      [`SALLYPORT_CREDENTIAL_${credentialName.toUpperCase()}`]: key,
    },
    get faults() {
      return [...(model?.violations ?? []), ...(model?.strays ?? [])];
    },
    close: async () => model?.close(),
  };
}
