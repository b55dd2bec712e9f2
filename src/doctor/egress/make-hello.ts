/** A ClientHello by hand: extensions as given, in records of `recordBytes`. */
export function makeHello(
  extensions: readonly Buffer[],
  options: { readonly recordBytes?: number; readonly after?: Buffer } = {},
): Buffer {
  const block = vector(2, Buffer.concat(extensions));
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    vector(1, Buffer.alloc(0)),
    vector(2, Buffer.from([0x13, 0x01])),
    vector(1, Buffer.from([0])),
    block,
  ]);
  const length = Buffer.alloc(3);
  length.writeUIntBE(body.length, 0, 3);
  const message = Buffer.concat([Buffer.from([1]), length, body, options.after ?? Buffer.alloc(0)]);
  return inRecords(message, options.recordBytes ?? 16_384);
}

/** A handshake message cut into records. */
export function inRecords(message: Buffer, recordBytes: number): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += recordBytes)
    records.push(Buffer.from([22, 3, 1]), vector(2, message.subarray(at, at + recordBytes)));
  return Buffer.concat(records);
}

/** One extension. */
export function extension(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(type);
  return Buffer.concat([head, vector(2, content)]);
}

/** The server_name extension with these names, of a type that is host_name unless told. */
export function serverNames(names: readonly string[], nameType = 0): Buffer {
  const entries = names.map((name) =>
    Buffer.concat([Buffer.from([nameType]), vector(2, Buffer.from(name, 'latin1'))]),
  );
  return extension(0, vector(2, Buffer.concat(entries)));
}

function vector(size: 1 | 2, content: Buffer): Buffer {
  const head = Buffer.alloc(size);
  head.writeUIntBE(content.length, 0, size);
  return Buffer.concat([head, content]);
}
