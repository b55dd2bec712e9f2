import { describe, expect, it } from 'vitest';
import { readLayer } from '../../../src/policy/parsing/read-layer.ts';
import { faultsOf } from './fixture.ts';

function faults(review: string): readonly string[] {
  const content = `version: 1\nreview: ${review}`;
  return faultsOf(readLayer({ layer: 'operator', file: 'p.yml', content }));
}

describe('what a policy may say of comments', () => {
  it.each(['docs.example', 'a.b.c.example', 'xn--bcher-kva.example'])('links to %s', (host) => {
    expect(faults(`{ linkHosts: ['${host}'] }`)).toEqual([]);
  });

  it.each([
    'https://a.example',
    'a.example:443',
    'a.example/x',
    '*.example.org',
    'A.example',
    'a.example.',
    'localhost',
    '127.0.0.1',
    'bücher.example',
  ])('no links to %s', (host) => {
    const [fault] = faults(`{ linkHosts: ['${host}'] }`);
    expect(fault).toMatch(/review\.linkHosts\.0: must be a lower-case host name/);
  });

  it('no more hosts and files than there is room for', () => {
    const hosts = Array.from({ length: 51 }, (_, at) => `h${at}.example`);
    expect(faults(`{ linkHosts: ${JSON.stringify(hosts)} }`)[0]).toMatch(/must be at most 50/);
    expect(faults('{ maxFileComments: 21 }')[0]).toMatch(/must be at most 20/);
  });
});
