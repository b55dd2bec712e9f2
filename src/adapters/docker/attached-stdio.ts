import { Duplex, Readable } from 'node:stream';
import { writeTogether } from '../../protocol/write-together.ts';
import { StdioFrames } from './stdio-frames.ts';

/** Unread stderr that is kept; what comes on top is counted and dropped, so that stdout goes on. */
const maxStderrBytes = 256 * 1024;
const wireBufferBytes = 256 * 1024;

/** A container's stdio, taken apart. */
export type AttachedStdio = {
  readonly wire: Duplex;
  readonly stderr: Readable;
};

/**
 * The two streams behind one attached connection. An unread wire stops the connection; an unread
 * stderr never does.
 */
export function attachedStdio(connection: Duplex): AttachedStdio {
  const stderr = new StderrBuffer();
  const wire = wireOver(connection);
  const frames = new StdioFrames((stream, payload) => {
    if (stream === 'stderr') stderr.keep(payload);
    else if (!wire.push(payload)) connection.pause();
  });
  connection.on('data', (chunk: Buffer) => {
    try {
      frames.push(chunk);
    } catch (error) {
      connection.destroy(error as Error);
    }
  });
  connection.on('end', () => wire.push(null));
  connection.on('error', (error) => wire.destroy(error));
  connection.on('close', () => {
    stderr.finish();
    wire.destroy();
  });
  return { wire, stderr: stderr.stream };
}

function wireOver(connection: Duplex): Duplex {
  return new Duplex({
    readableHighWaterMark: wireBufferBytes,
    writableHighWaterMark: wireBufferBytes,
    read: () => void connection.resume(),
    write: (chunk: Buffer, _encoding, done) => void connection.write(chunk, done),
    writev: (chunks, done) => void writeTogether(connection, chunks, done),
    final: (done) => void connection.end(done),
    destroy: (error, done) => {
      connection.destroy();
      done(error);
    },
  });
}

/** Keeps what fits and counts the rest; `keep` never waits. */
class StderrBuffer {
  // Bytes come when the engine sends them, so there is nothing to do when they are wanted.
  readonly stream: Readable = new Readable({ read: () => undefined });
  #droppedBytes = 0;

  keep(payload: Buffer): void {
    const isFull = this.stream.readableLength + payload.length > maxStderrBytes;
    if (isFull || this.stream.destroyed) this.#droppedBytes += payload.length;
    // A copy: the payload is a view of a chunk that would otherwise be held as a whole.
    else this.stream.push(Buffer.from(payload));
  }

  finish(): void {
    if (this.stream.destroyed) return;
    if (this.#droppedBytes > 0)
      this.stream.push(`\n[${this.#droppedBytes} bytes of stderr dropped]\n`);
    this.stream.push(null);
  }
}
