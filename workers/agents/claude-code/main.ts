import { runAgent } from '../../agent-run/run-agent.ts';
import { claudeCode } from './adapter.ts';

await runAgent(claudeCode, process.env);
