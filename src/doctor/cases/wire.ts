import { type Duplex, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { controlAuthority, routes } from '../../protocol/wire.ts';
import type { ControlPlaneCase } from '../control-plane-case.ts';
import {
  judgeHostileWire,
  postResult,
  request,
  resultBody,
  type Speak,
  session,
} from './hostile-wire.ts';

const write = (path: string, bytes: number) => ({ kind: 'write', path, executable: false, bytes });

function garbage(wire: Duplex): void {
  wire.write(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
  wire.end(Buffer.alloc(256 * 1024, 0xff));
}

/** Both arrive before the first can be answered. */
function twoResults(wire: Duplex): void {
  const opened = session(wire);
  const unfinished = { changes: [write('a', 1)] };
  const { ':method': method, ':path': path } = { ':method': 'POST', ':path': routes.result };
  const first = opened.request({
    ':method': method,
    ':path': path,
    ':authority': controlAuthority,
  });
  first.on('error', () => undefined);
  first.resume();
  // The first is never finished: whichever the second is, it must not be taken in its place.
  first.write(resultBody(unfinished));
  request(opened, routes.result, resultBody({}));
}

function foreignRequests(wire: Duplex): void {
  const opened = session(wire);
  for (let one = 0; one < 200; one += 1) request(opened, `/v1/secrets/${one}`);
}

function endlessHeaders(wire: Duplex): void {
  const opened = session(wire);
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`x-${index}`, 'a'.repeat(100)]),
  );
  for (let one = 0; one < 50; one += 1) {
    const stream = opened.request({ ':path': routes.input, ...many });
    stream.on('error', () => undefined);
  }
  wire.end();
}

const million = 1_000_000;
const depth = 100_000;
const gibibyte = 1024 ** 3;

/** Sixty megabytes of names: refused before they are parsed, let alone held. */
function millionEntries(wire: Duplex): void {
  const entry = JSON.stringify(write('f', 0));
  const [head = ''] = resultBody({ changes: ['all'] }).split('"all"');
  const opened = session(wire);
  const stream = opened.request({
    ':method': 'POST',
    ':path': routes.result,
    ':authority': controlAuthority,
  });
  stream.on('error', () => undefined);
  stream.resume();
  stream.write(head);
  Readable.from(entries(entry))
    .on('error', () => undefined)
    .pipe(stream, { end: false });
}

function* entries(entry: string): Generator<string> {
  const block = `${entry},`.repeat(1_000);
  for (let blocks = 0; blocks < million / 1_000; blocks += 1) yield block;
}

/** A gibibyte of spaces is a megabyte of gzip: whoever unpacks it on the way has lost. */
function compressed(wire: Duplex): void {
  const block = gzipSync(Buffer.alloc(gibibyte / 64, ' '));
  const opened = session(wire);
  const stream = opened.request({
    ':method': 'POST',
    ':path': routes.result,
    ':authority': controlAuthority,
    'content-encoding': 'gzip',
  });
  stream.on('error', () => undefined);
  stream.resume();
  for (let blocks = 0; blocks < 64; blocks += 1) stream.write(block);
  stream.end('\n');
}

const hostile: readonly (readonly [id: string, title: string, speak: Speak])[] = [
  ['wire.garbage', 'send garbage over the wire', garbage],
  ['wire.second-result', 'post a second result', twoResults],
  ['wire.foreign-requests', 'ask for what the contract does not have', foreignRequests],
  ['wire.endless-headers', 'send headers without end', endlessHeaders],
  [
    'wire.not-json',
    'post a result that is not JSON',
    (wire) => {
      request(session(wire), routes.result, '{"protocol":1,\n');
    },
  ],
  [
    'wire.short-result',
    'declare more bytes than are sent',
    postResult({ changes: [write('a', 9)] }, 'x'),
  ],
  [
    'wire.long-result',
    'send more bytes than are declared',
    postResult({ changes: [write('a', 1)] }, 'xyz'),
  ],
  ['wire.million-entries', 'name a million files in a result', millionEntries],
  [
    'wire.deep-json',
    'nest a result 100,000 deep',
    (wire) => {
      request(session(wire), routes.result, `${'['.repeat(depth)}${']'.repeat(depth)}\n`);
    },
  ],
  ['wire.compressed-result', 'send a result that unpacks to a gigabyte', compressed],
  [
    'files.path-traversal',
    'name a path that leaves the repository',
    postResult({ changes: [write('../../etc/passwd', 1)] }, 'x'),
  ],
  [
    'files.absolute-path',
    'name an absolute path',
    postResult({ changes: [write('/etc/passwd', 1)] }, 'x'),
  ],
  [
    'files.path-twice',
    'name one path twice, in two spellings',
    postResult({ changes: [write('Readme', 1), write('README', 1)] }, 'xy'),
  ],
];

/** What a sandbox that is hostile as a whole may send. */
export const wireCases: readonly ControlPlaneCase[] = hostile.map(([id, title, speak]) => ({
  kind: 'control-plane',
  id,
  title,
  run: (bench) => judgeHostileWire(bench, speak),
}));
