/** What the header of an entry says (POSIX.1-2017, pax, "ustar Interchange Format"). */
export interface TarHeader {
  readonly name: string;
  /** `file`, `directory`, `symlink`, or the word for what a bundle never holds. */
  readonly type: string;
  readonly mode: number;
  readonly bytes: number;
  /** Where a link points; empty for what is none. */
  readonly linkname: string;
}

const types: Readonly<Record<string, string>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
  x: 'pax-header',
};

const magic = Buffer.from('ustar\0');
const [checksumStart, checksumEnd] = [148, 156];
const space = 0x20;

/**
 * Reads a block of 512 bytes; undefined for a block of zeros, the end of an archive.
 * @throws on a wrong checksum, another format, or a number that is not octal
 */
export function readTarHeader(block: Buffer): TarHeader | undefined {
  const sum = checksumOf(block);
  if (sum === space * (checksumEnd - checksumStart)) return undefined;
  if (sum !== octal(block, checksumStart, 8) || !block.subarray(257, 263).equals(magic))
    throw new Error('the input has a header that is not of a tar');
  const prefix = text(block, 345, 155);
  const name = text(block, 0, 100);
  const flag = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: types[flag] ?? `entry of type ${JSON.stringify(flag)}`,
    mode: octal(block, 100, 8),
    bytes: octal(block, 124, 12),
    linkname: text(block, 157, 100),
  };
}

/** The fields of a pax header that stand in the place of an entry's own: names too long or not ASCII. */
export function readPaxFields(records: Buffer): Partial<TarHeader> {
  const fields: { name?: string; linkname?: string } = {};
  for (let at = 0; at < records.length; ) {
    const length = Number.parseInt(records.toString('latin1', at, at + 16), 10);
    // One that says 0, or nothing, would be read again for ever.
    if (!(length > 0)) throw new Error('the input has a pax header that is none');
    const record = records.toString('utf8', at, at + length - 1);
    const [, key, value] = /^\d+ (\w+)=(.*)$/s.exec(record) ?? [];
    if (key === 'path') fields.name = value ?? '';
    if (key === 'linkpath') fields.linkname = value ?? '';
    at += length;
  }
  return fields;
}

/** Of all bytes, those of the checksum itself taken for spaces. */
function checksumOf(block: Buffer): number {
  let sum = space * (checksumEnd - checksumStart);
  for (let at = 0; at < checksumStart; at += 1) sum += block[at] ?? 0;
  for (let at = checksumEnd; at < block.length; at += 1) sum += block[at] ?? 0;
  return sum;
}

function octal(block: Buffer, start: number, length: number): number {
  const digits = block.toString('latin1', start, start + length).replace(/[\0 ]+$/, '');
  if (!/^[0-7]*$/.test(digits)) throw new Error('the input has a number that is not octal');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString('utf8', start, end === -1 ? start + length : Math.min(end, start + length));
}
