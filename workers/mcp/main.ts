import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { outFolder } from '../../src/protocol/agent-report.ts';
import { journalNames } from '../../src/protocol/journal.ts';
import { protocolVersion, TaskInput } from '../../src/protocol/task-input.ts';
import { Journal } from './journal.ts';
import { makeServer } from './make-server.ts';
import { toolsOf } from './tools-of.ts';
import { WatchedStdio } from './watched-stdio.ts';

// Stdout speaks the protocol.
globalThis.console = new Console(process.stderr, process.stderr);

/** Another folder in place of the root, for tests; the socket of a harness that watches. */
const { root = '', harness } = parseArgs({
  options: { root: { type: 'string' }, harness: { type: 'string' } },
}).values;
const places = {
  workspace: `${root}/workspace`,
  task: `${root}/task`,
  base: `${root}/base`,
  out: `${root}${outFolder}`,
};
const input = TaskInput.parse(JSON.parse(readFileSync(`${places.task}/task.json`, 'utf8')));
const desk = {
  input,
  places,
  findings: new Journal(`${places.out}/${journalNames.findings}`),
  opinions: new Journal(`${places.out}/${journalNames.opinions}`),
};
serveStdio(
  () => makeServer(toolsOf(desk), `${protocolVersion}`),
  harness === undefined ? {} : { transport: new WatchedStdio(harness) },
);
