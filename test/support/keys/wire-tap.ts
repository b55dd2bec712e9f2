import type {
  ReapedSandbox,
  RunningSandbox,
  Sandbox,
  SandboxSpec,
} from '../../../src/ports/sandbox.ts';

/** Starts sandboxes as another one does, and keeps every byte that the control plane sends them. */
export class WireTap implements Sandbox {
  readonly #inner: Sandbox;
  readonly #sent: Buffer[] = [];

  constructor(inner: Sandbox) {
    this.#inner = inner;
  }

  get sent(): Buffer {
    return Buffer.concat(this.#sent);
  }

  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    const running = await this.#inner.start(spec);
    const { wire } = running;
    const write = wire.write.bind(wire) as (...words: unknown[]) => boolean;
    wire.write = (...words: unknown[]): boolean => {
      this.#sent.push(Buffer.from(words[0] as Buffer));
      return write(...words);
    };
    return running;
  }

  removeOwned(ownerId: string): Promise<readonly ReapedSandbox[]> {
    return this.#inner.removeOwned(ownerId);
  }

  removeExpired(): Promise<readonly ReapedSandbox[]> {
    return this.#inner.removeExpired();
  }

  ping(): Promise<void> {
    return this.#inner.ping();
  }
}

/** Huffman codes of HTTP/2's headers (RFC 7541, appendix B) for hex digits. */
const codes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    '0': [0x0, 5],
    '1': [0x1, 5],
    '2': [0x2, 5],
    a: [0x3, 5],
    c: [0x4, 5],
    e: [0x5, 5],
    '3': [0x19, 6],
    '4': [0x1a, 6],
    '5': [0x1b, 6],
    '6': [0x1c, 6],
    '7': [0x1d, 6],
    '8': [0x1e, 6],
    '9': [0x1f, 6],
    b: [0x23, 6],
    d: [0x24, 6],
    f: [0x25, 6],
  } as const).map(([digit, [code, bits]]) => [digit, code.toString(2).padStart(bits, '0')]),
);

/** How often hex digits are in bytes of HTTP/2: as they are, and as its headers spell them. */
export function timesOnWire(sent: Buffer, hex: string): number {
  const bits = Array.from(hex, (digit) => codes[digit]).join('');
  const spelt = Array.from({ length: 8 }, (_, skipped) => wholeBytes(bits.slice(skipped)));
  return [Buffer.from(hex), ...spelt].reduce((sum, needle) => sum + times(sent, needle), 0);
}

/** The last byte is one that the next letter shares, and left out. */
function wholeBytes(bits: string): Buffer {
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

function times(bytes: Buffer, needle: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) count += 1;
  return count;
}
