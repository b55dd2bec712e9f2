import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { z } from 'zod';
import type { SigningCredential } from '../policy/egress-rule.ts';
import type { OutgoingRequest } from './http-exchange.ts';

/**
 * An AWS key as one secret, in the form in which programs for AWS's `credential_process` print it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
const AwsKey = z.object({
  AccessKeyId: z.string().regex(/^\w{16,128}$/),
  SecretAccessKey: z.string().min(16),
  SessionToken: z.string().min(1).optional(),
});
type AwsKey = z.infer<typeof AwsKey>;

/** Headers that are signed besides those that the signature brings: what nobody may change, and none of the agent's. */
const signedHeaders = ['content-type', 'host'];

/** A request as it goes out, whole. */
export type WholeRequest = OutgoingRequest & { readonly body: Buffer };

/** The AWS key that a secret holds; undefined: it is none. */
export function readAwsKey(secret: string): AwsKey | undefined {
  try {
    return AwsKey.safeParse(JSON.parse(secret)).data;
  } catch {
    return undefined;
  }
}

/**
 * The headers of AWS's Signature Version 4 for a request: `authorization`, `x-amz-date`, `x-amz-content-sha256` and,
 * with a temporary key, `x-amz-security-token`. They hold for these bytes, path and query, and for five minutes.
 */
export async function signRequest(
  { method, path, host, headers, body }: WholeRequest,
  {
    key,
    credential: { region, service },
    nowMs,
  }: { readonly key: AwsKey; readonly credential: SigningCredential; readonly nowMs: number },
): Promise<Record<string, string>> {
  const credentials = {
    accessKeyId: key.AccessKeyId,
    secretAccessKey: key.SecretAccessKey,
    ...(key.SessionToken === undefined ? {} : { sessionToken: key.SessionToken }),
  };
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const { pathname, searchParams } = new URL(path, `https://${host}`);
  const shown = Object.entries({ ...headers, host }).filter(([name]) =>
    signedHeaders.includes(name),
  );
  const signed = await signer.sign(
    {
      method,
      protocol: 'https:',
      hostname: host,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: Object.fromEntries(shown),
      body,
    },
    { signingDate: new Date(nowMs) },
  );
  return Object.fromEntries(
    Object.entries(signed.headers).filter(([name]) => !signedHeaders.includes(name)),
  );
}

type Data = string | ArrayBuffer | ArrayBufferView;

/** What the signer hashes with, by Node's own means. */
class Sha256 {
  readonly #secret: Data | undefined;
  #hash: ReturnType<typeof createHash | typeof createHmac>;

  constructor(secret?: Data) {
    this.#secret = secret;
    this.#hash = this.#fresh();
  }

  update(data: Uint8Array | Data): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#fresh();
  }

  #fresh(): ReturnType<typeof createHash | typeof createHmac> {
    return this.#secret === undefined
      ? createHash('sha256')
      : createHmac('sha256', bytesOf(this.#secret));
  }
}

function bytesOf(data: Data): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}
