import { Console } from 'node:console';
import { outFolder } from '../../src/protocol/agent-report.ts';
import { ControlPlane } from './control-plane.ts';
import { startProxy } from './proxy/start-proxy.ts';
import { openStdioWire } from './stdio-wire.ts';
import { supervise } from './supervise.ts';

// Stdout is the wire: whatever a dependency prints must not break it.
globalThis.console = new Console(process.stderr, process.stderr);
process.umask(0o022);
// Root without supplementary groups: seteuid does not drop those.
process.setgroups?.([]);

function endWith(error: unknown): never {
  process.stderr.write(`supervisor: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

const lost = (error?: Error): never => endWith(error ?? new Error('the wire ended'));
const controlPlane = new ControlPlane(openStdioWire(), lost);
// Before there is an agent: whoever listens there is who the agent's clients talk to.
const proxy = await startProxy((headers, options) => controlPlane.egress(headers, options)).catch(
  endWith,
);
const places = { workspace: '/workspace', task: '/task', base: '/base', out: outFolder };
await supervise(controlPlane, { proxy, places }).catch(endWith);
process.exit(0);
