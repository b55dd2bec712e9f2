import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCaFile } from '../../../src/adapters/net/ca-file.ts';

const [first = '', second = ''] = rootCertificates;
const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
const fingerprint = (pem: string): string => new X509Certificate(pem).fingerprint256;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-ca-'));
  file = join(folder, 'ca.pem');
});

afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['one', first, [first]],
  [
    'two, with words and a key between them',
    `# ours\n${first}\n${key}\n${second}\n`,
    [first, second],
  ],
  ['one with line ends of Windows', first.replaceAll('\n', '\r\n'), [first]],
])('takes the certificates of a bundle: %s', (_, text, expected) => {
  writeFileSync(file, text);
  expect(readCaFile(file).map(fingerprint)).toEqual(expected.map(fingerprint));
});

it.each([
  ['nothing', '', 'holds no certificate'],
  ['a key', key, 'holds no certificate'],
  ['one that is cut off', first.slice(0, 400), 'holds no certificate'],
  ['a broken one behind a sound one', `${first}\n${second.replace(/\n.{20}/, '\n')}`, 'number 2'],
  ['too much', 'x'.repeat(1024 * 1024 + 1), '1 MiB at most'],
])('refuses a file that holds %s, and names the variable', (_, text, fault) => {
  writeFileSync(file, text);
  const words: unknown = expect.stringMatching(new RegExp(`^GITHUB_CA_FILE: .*${fault}`));
  expect(() => readCaFile(file)).toThrow(
    expect.objectContaining({ code: 'config.invalid', message: words }),
  );
});

it.each([
  ['that is not there', () => undefined],
  ['that is a folder', () => mkdirSync(file)],
])('refuses a file %s', (_, make) => {
  make();
  expect(() => readCaFile(file)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
});
