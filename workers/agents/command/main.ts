import { imagePlaces } from '../../agent-run/agent-places.ts';
import { whenAskedToEnd } from '../../agent-run/run-agent.ts';
import { runCommands } from './run-commands.ts';

/** The agent `command`: runs the programs that the policy names. */
process.exit(
  await runCommands({
    places: imagePlaces,
    env: process.env,
    print: (text) => void process.stdout.write(text),
    signal: whenAskedToEnd(),
  }),
);
