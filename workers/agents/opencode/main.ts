import { runAgent } from '../../agent-run/run-agent.ts';
import { opencode } from './adapter.ts';

await runAgent(opencode, process.env);
