import { createServer } from 'node:http';

/** A process of its own: answers `/N` with N bytes, and says on which port. Ends with its input. */
const bodies = new Map<string, Buffer>();
const server = createServer((request, response) => {
  const path = request.url ?? '/';
  const body = bodies.get(path) ?? Buffer.alloc(Number(path.slice(1)), 'x');
  bodies.set(path, body);
  response.writeHead(200, { 'content-length': body.length });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
