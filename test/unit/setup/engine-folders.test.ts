import { describe, expect, it } from 'vitest';
import { engineFolders } from '../../../scripts/setup/engine-folders.ts';

describe('engineFolders', () => {
  it('keeps everything below the cache folder of the user', () => {
    const folders = engineFolders({ XDG_CACHE_HOME: '/c' });
    expect(folders.root).toBe('/c/sallyport/engine');
    expect(folders.socketPath).toBe('/c/sallyport/engine/docker.sock');
  });

  it.each([
    ['short', '/c'],
    ['just too long for a socket', `/${'c'.repeat(60)}`],
    ['far too long', `/${'deep/'.repeat(60)}`],
    ['long in bytes, not in characters', `/${'é'.repeat(40)}`],
  ])('keeps socket paths within 107 bytes: %s', (_, cache) => {
    const { socketPath, execRoot } = engineFolders({ XDG_CACHE_HOME: cache });
    const longest = `${execRoot}/containerd/containerd-debug.sock.ttrpc`;
    expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(107);
    expect(Buffer.byteLength(longest)).toBeLessThanOrEqual(107);
  });

  it('gives two long cache folders two short ones', () => {
    const long = '/x'.repeat(60);
    const one = engineFolders({ XDG_CACHE_HOME: `${long}/one` });
    const two = engineFolders({ XDG_CACHE_HOME: `${long}/two` });
    expect(one.socketPath).not.toBe(two.socketPath);
    expect(one.dataRoot).toBe(`${long}/one/sallyport/engine/data`);
  });
});
