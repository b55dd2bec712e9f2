import { runAgent } from '../../agent-run/run-agent.ts';
import { codex } from './adapter.ts';

await runAgent(codex, process.env);
