#!/usr/bin/env node
// Stands in for `dockerd`: answers `/_ping`, writes its pid file, and on SIGTERM takes a moment to end.
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const option = (name) =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const socketPath = option('host').slice('unix://'.length);
rmSync(socketPath, { force: true });
const server = createServer((_request, response) => response.end('OK'));
server.listen(socketPath, () => writeFileSync(option('pidfile'), `${process.pid}`));
process.on('SIGTERM', () => {
  server.close();
  setTimeout(() => process.exit(0), 100);
});
