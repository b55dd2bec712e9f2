import { Duplex } from 'node:stream';
import { writeTogether } from '../protocol/write-together.ts';

/** Answers that may wait for a sandbox that does not read, in bytes. */
const roomBytes = 256 * 1024;

/**
 * The wire as an HTTP/2 session may have it: never half open. Its end destroys the transport.
 * Node puts a stand-in for a socket around a stream that is none; told of an end, the stand-in shuts
 * down while the session still answers, and an assertion in Node then ends the whole process
 * (`JSStreamSocket.doWrite`, Node 26.10). A sandbox would need no more than to close its stdout.
 */
export function sessionTransport(wire: Duplex): Duplex {
  // Done as soon as the wire has room, like a socket's: a session that fails waits for its writes,
  // and a sandbox that does not read would keep it from saying so.
  const written = (hasRoom: boolean, done: () => void): void => {
    if (hasRoom || wire.writableLength < roomBytes) done();
    else wire.once('drain', done);
  };
  const transport = new Duplex({
    read: () => void wire.resume(),
    write: (chunk: Buffer, _encoding, done) => written(wire.write(chunk), done),
    writev: (chunks, done) => written(writeTogether(wire, chunks), done),
    final: (done) => {
      wire.end();
      done();
    },
    destroy: (error, done) => {
      wire.destroy();
      done(error);
    },
  });
  wire.on('data', (chunk: Buffer) => {
    if (!transport.push(chunk)) wire.pause();
  });
  wire.on('error', () => transport.destroy());
  wire.on('end', () => transport.destroy());
  wire.on('close', () => transport.destroy());
  return transport;
}
