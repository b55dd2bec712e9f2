import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An authority that nobody knows, and a server's certificate of it: all of them files in PEM. */
export interface PrivateAuthority {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

const config = (altName: string): string => `[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[server]
subjectAltName = ${altName}
`;

/**
 * Makes an authority in `folder`, and a certificate for the server that `altName` names. With openssl, which
 * `ca-certificates` of the set-up depends on.
 */
export async function makeAuthority(
  folder: string,
  altName = 'IP:127.0.0.1',
): Promise<PrivateAuthority> {
  await mkdir(folder, { recursive: true });
  const at = (name: string): string => join(folder, name);
  await writeFile(at('openssl.cnf'), config(altName));
  const make = async (name: string, ...rest: string[]): Promise<void> => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
    const about = ['-config', at('openssl.cnf'), '-extensions', name, '-subj', `/CN=${name}`];
    await run('openssl', ['req', '-x509', '-days', '2', ...key, ...files, ...about, ...rest]);
  };
  await make('authority');
  await make('server', '-CA', at('authority.pem'), '-CAkey', at('authority.key'));
  return {
    caFile: at('authority.pem'),
    certificateFile: at('server.pem'),
    keyFile: at('server.key'),
  };
}

/** Speaks TLS with the authority's certificate in front of what listens at `port`; on a port of its own. */
export async function serveTls(
  { certificateFile, keyFile }: PrivateAuthority,
  port: number,
): Promise<AsyncDisposable & { readonly url: string }> {
  const [cert, key] = await Promise.all([readFile(certificateFile), readFile(keyFile)]);
  const sockets = new Set<Socket>();
  const server = createServer({ cert, key }, (secured) => {
    const plain = connect(port, '127.0.0.1');
    sockets.add(secured).add(plain);
    // Either side may break off; the other one then ends, too.
    void pipeline(secured, plain, secured).catch(() => undefined);
  });
  // A client that does not trust the certificate ends the handshake: that is what tests are after.
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
