import type { AgentPlaces } from '../../../workers/agent-run/agent-places.ts';
import { type HarnessRun, runHarness } from '../../../workers/agent-run/harness.ts';
import { whenAskedToEnd } from '../../../workers/agent-run/run-agent.ts';
import { claudeCode } from '../../../workers/agents/claude-code/adapter.ts';
import { codex } from '../../../workers/agents/codex/adapter.ts';
import { runCommands } from '../../../workers/agents/command/run-commands.ts';
import { opencode } from '../../../workers/agents/opencode/adapter.ts';
import { pi } from '../../../workers/agents/pi/adapter.ts';

/** What runs as the agent's process on this machine: `main.ts` of an agent, with other places. */
const [agent = '', places = ''] = process.argv.slice(2);
const run: Omit<HarnessRun, 'adapter'> = {
  places: JSON.parse(places) as AgentPlaces,
  env: process.env,
  print: (text) => void process.stdout.write(text),
  signal: whenAskedToEnd(),
};
const adapter = [claudeCode, codex, opencode, pi].find(({ name }) => name === agent);
process.exit(await (adapter === undefined ? runCommands(run) : runHarness({ ...run, adapter })));
