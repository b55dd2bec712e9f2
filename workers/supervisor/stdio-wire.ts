import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { writeTogether } from '../../src/protocol/write-together.ts';

/**
 * The wire: this process's stdin and stdout as one stream. Nothing else may write to stdout, so the
 * console is turned to stderr first.
 */
export function openStdioWire(): Duplex {
  const stdin = new Socket({ fd: 0, readable: true, writable: false });
  // Not process.stdout: its writes block, and a control plane that is slow would stop our timers.
  const stdout = new Socket({ fd: 1, readable: false, writable: true });
  const wire = new Duplex({
    read: () => void stdin.resume(),
    write: (chunk: Buffer, _encoding, done) => void stdout.write(chunk, done),
    writev: (chunks, done) => void writeTogether(stdout, chunks, done),
    final: (done) => void stdout.end(done),
    destroy: (error, done) => {
      stdin.destroy();
      stdout.destroy();
      done(error);
    },
  });
  stdin.on('data', (chunk: Buffer) => {
    if (!wire.push(chunk)) stdin.pause();
  });
  stdin.on('end', () => wire.push(null));
  stdin.on('error', (error) => wire.destroy(error));
  stdout.on('error', (error) => wire.destroy(error));
  return wire;
}
