import type { AgentAdapter } from './agent-adapter.ts';
import { imagePlaces } from './agent-places.ts';
import { runHarness } from './harness.ts';
import type { Environment } from './program-environment.ts';

/** Runs a coding agent inside a sandbox and ends this process with its exit code. All that a `main.ts` calls. */
export async function runAgent(adapter: AgentAdapter, env: Environment): Promise<never> {
  const code = await runHarness({
    adapter,
    env,
    places: imagePlaces,
    print: (text) => void process.stdout.write(text),
    signal: whenAskedToEnd(),
  });
  process.exit(code);
}

/** Fires when the supervisor asks for the end. */
export function whenAskedToEnd(): AbortSignal {
  const stop = new AbortController();
  // Each time: by itself a second one would end this process before it has left a report.
  process.on('SIGTERM', () => stop.abort());
  return stop.signal;
}
