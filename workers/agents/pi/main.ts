import { runAgent } from '../../agent-run/run-agent.ts';
import { pi } from './adapter.ts';

await runAgent(pi, process.env);
