import { connect } from 'node:net';

/** What stands behind a socket: nothing, a server that answers, one that reads its log, or one that hangs. */
export type ServerState = 'absent' | 'ready' | 'loading' | 'silent';

/** Asks the server at `socketPath` how it is; `silent` when it takes longer than `timeoutMs`. */
export function probe(socketPath: string, timeoutMs: number): Promise<ServerState> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const conclude = (state: ServerState) => {
      socket.destroy();
      resolve(state);
    };
    socket.setTimeout(timeoutMs, () => {
      conclude('silent');
    });
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', (answer) => {
      conclude(answer.toString('latin1').startsWith('+PONG') ? 'ready' : 'loading');
    });
    // Nobody listens, or the server ended before it answered.
    socket.on('error', () => {
      conclude('absent');
    });
    socket.on('end', () => {
      conclude('absent');
    });
  });
}
