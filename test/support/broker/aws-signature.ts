import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as a server of AWS's gets it. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

interface Claim {
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly keyId: string;
  readonly signed: readonly string[];
  readonly signature: string;
}

/** What AWS asks to be signed of a request with a body of its own. */
const leastSigned = ['host', 'x-amz-date'];
/** How old a signature may be, ms. */
const patienceMs = 300_000;

/**
 * Signature Version 4 by its description, apart from the library that signs, for keys by their id.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * Undefined: it holds; else why not.
 */
export function whyUnsigned(
  request: SignedRequest,
  {
    secrets,
    scope,
    nowMs,
  }: {
    readonly secrets: Readonly<Record<string, string>>;
    readonly scope: string;
    readonly nowMs: number;
  },
): string | undefined {
  const claim = readClaim(String(request.headers['authorization']));
  if (claim === undefined) return 'no signature';
  const secret = secrets[claim.keyId];
  if (secret === undefined) return 'no such key';
  if (`${claim.region}/${claim.service}` !== scope) return 'another scope';
  const date = String(request.headers['x-amz-date']);
  if (Math.abs(msOf(date) - nowMs) > patienceMs || !date.startsWith(claim.day)) return 'too old';
  const extra = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'));
  if ([...leastSigned, ...extra].some((name) => !claim.signed.includes(name))) return 'too little';
  const given = request.headers['x-amz-content-sha256'];
  if (given !== undefined && given !== hashOf(request.body)) return 'another body';
  const right = Buffer.from(signatureOf(request, { claim, secret, date }), 'hex');
  const told = Buffer.from(claim.signature, 'hex');
  return right.length === told.length && timingSafeEqual(right, told) ? undefined : 'wrong';
}

function readClaim(authorization: string): Claim | undefined {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  const [, keyId, day, region, service, signed, signature] = parts ?? [];
  if (!keyId || !day || !region || !service || !signed || !signature) return undefined;
  return { keyId, day, region, service, signed: signed.split(';'), signature };
}

function signatureOf(
  { method, url, headers, body }: SignedRequest,
  {
    claim,
    secret,
    date,
  }: { readonly claim: Claim; readonly secret: string; readonly date: string },
): string {
  const { day, region, service, signed } = claim;
  const [path = '', query = ''] = url.split('?');
  const lines = signed.map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [
    method,
    // Each part is escaped once more than on the wire, for every service but S3.
    path.split('/').map(encodeURIComponent).join('/'),
    query
      .split('&')
      .toSorted((a, b) => (a < b ? -1 : 1))
      .join('&'),
    lines.join(''),
    signed.join(';'),
    hashOf(body),
  ];
  const scope = [day, region, service, 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), hashOf(canonical.join('\n'))];
  const key = scope.reduce<Buffer | string>((under, word) => mac(under, word), `AWS4${secret}`);
  return mac(key, toSign.join('\n')).toString('hex');
}

function mac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** `20150830T123600Z` as epoch ms; NaN for anything else. */
function msOf(date: string): number {
  return Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
}
