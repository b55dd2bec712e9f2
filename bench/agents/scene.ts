import { TaskInput } from '../../src/protocol/task-input.ts';
import { dialects, type ModelAgent } from '../../test/support/agents/dialects.ts';
import { ScriptedModel } from '../../test/support/models/scripted-model.ts';
import { call, say } from '../../test/support/models/turn.ts';

/** One review as it went, ms since it was asked for. */
export interface ReviewTimes {
  /** The agent's first request to its model arrived. */
  readonly asked: number;
  /** The result was there: of the CLI alone, it had ended. */
  readonly ended: number;
}

export const prompt = 'Review the change. Report what you find, then say that you are done.\n';
export const modelKey = 'sk-bench';

const finding = {
  path: 'README.md',
  startLine: 1,
  endLine: 1,
  rule: 'bench',
  severity: 'info',
  message: 'A finding of the benchmark.',
};

/**
 * Times one review that is the same wherever it runs: the model has a command run, has a finding reported by the tools'
 * server, and is done.
 * @throws Error when the model was not asked exactly that
 */
export async function timeReview(
  agent: ModelAgent,
  review: (model: ScriptedModel) => Promise<void>,
): Promise<ReviewTimes> {
  const { shell, report } = dialects[agent];
  const turns = [call(shell('cat README.md')), call(report(finding)), say('done')];
  let asked = Number.NaN;
  const beganMs = performance.now();
  const model = await ScriptedModel.start({
    script: (_request, index) => {
      if (index === 0) asked = performance.now() - beganMs;
      return turns[index] ?? say('done');
    },
  });
  try {
    await review(model);
    const ended = performance.now() - beganMs;
    const results = model.requests.flatMap(({ toolResults }) => toolResults).join('\n');
    if (model.requests.length !== turns.length || !results.includes('Reported: 1'))
      throw new Error(`${agent} asked ${model.requests.length} times: ${results.slice(0, 500)}`);
    return { asked, ended };
  } finally {
    await model.close();
  }
}

/** What an agent of the benchmark is told. */
export function reviewInput(agent: ModelAgent, input: TaskInput): TaskInput {
  const { api, model: name } = dialects[agent];
  return TaskInput.parse({ ...input, agent, model: { api, label: 'bench', name } });
}
