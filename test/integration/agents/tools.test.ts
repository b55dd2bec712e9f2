import { describe, expect, it } from 'vitest';
import { benches, play, prepareOnce } from '../../support/agents/agent-scene.ts';
import { dialects, modelAgents } from '../../support/agents/dialects.ts';
import { localBench } from '../../support/agents/local-bench.ts';
import { call, say } from '../../support/models/turn.ts';

const finding = { path: 'a.txt', rule: 'greeting', severity: 'info', message: 'says hello' };

/** Ends the server of this agent's tools, as a test of a pull request may: the folder of the workspace is its own. */
const endTools = [
  'for place in /proc/[0-9]*; do',
  "if tr '\\0' '\\n' < $place/cmdline 2> /dev/null | grep -q \"^$(dirname $PWD).*/mcp[.]js$\"",
  'then kill -KILL $(basename $place); fi; done; echo ended',
].join('\n');

describe.each(benches)('on the bench $name', (bench) => {
  describe.each(modelAgents)('%s', (agent) => {
    prepareOnce(bench, agent);
    const { report, shell } = dialects[agent];

    it('has not done its work when its tools were ended, and keeps what it found', async () => {
      const script = [call(report(finding)), call(shell(endTools)), say('That is all.')];
      const end = await play({ bench, agent, script });
      expect(end.model.requests[2]?.toolResults.join()).toContain('ended');
      expect(end.exitCode).not.toBe(0);
      expect(end.report?.findings).toMatchObject([finding]);
      expect(end.report?.toolErrors).toMatchObject([{ tool: agent }]);
      expect(end.report?.toolErrors[0]?.message).toMatch(/^lost its tools/);
    });
  });
});

describe.each(modelAgents)('%s without tools', (agent) => {
  prepareOnce(localBench, agent);

  it('has not done its work', async () => {
    const script = [say('I found a hole, and have no tool to report it.')];
    const end = await play({ bench: localBench, agent, script, hasNoTools: true });
    expect(end.exitCode).not.toBe(0);
    expect(end.report?.toolErrors).toMatchObject([{ tool: agent }]);
  });
});
