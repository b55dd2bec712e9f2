import { Agent, createServer, request as send } from 'node:http';

/** A process of its own: a plain HTTP proxy as one writes it with Node. Says its port; ends with its input. */
const agent = new Agent({ keepAlive: true });
const server = createServer((request, response) => {
  const { hostname, port, pathname } = new URL(request.url ?? '');
  const { method, headers } = request;
  const onward = send(
    { agent, host: hostname, port, path: pathname, method, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  request.pipe(onward);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
