import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { SallyportError } from '../../errors.ts';

const variable = 'GITHUB_CA_FILE';
/** The authorities of every browser are 250 kB of PEM. */
const maxBytes = 1024 * 1024;
const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM bundle, one or more; what stands between them is ignored.
 * @throws SallyportError `config.invalid` for a file that cannot be read, or that holds none or a broken one
 */
export function readCaFile(path: string): readonly string[] {
  const blocks = read(path).match(block) ?? [];
  if (blocks.length === 0) {
    throw invalid('holds no certificate: it must be PEM, with BEGIN CERTIFICATE');
  }
  return blocks.map((pem, index) => {
    try {
      return new X509Certificate(pem).toString();
    } catch (cause) {
      throw invalid(`has a broken certificate, number ${index + 1}`, cause);
    }
  });
}

function read(path: string): string {
  try {
    const stat = statSync(path);
    if (stat.isFile() && stat.size <= maxBytes) return readFileSync(path, 'utf8');
  } catch (cause) {
    throw invalid('cannot be read', cause);
  }
  throw invalid('must be a regular file of 1 MiB at most');
}

function invalid(fault: string, cause?: unknown): SallyportError {
  return new SallyportError('config.invalid', `${variable}: the file ${fault}`, { cause });
}
