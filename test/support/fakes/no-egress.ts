import type { EgressPorts } from '../../../src/dispatch/open-broker.ts';

/** A runner that nothing is expected to get out of: whatever asks for a way fails the test. */
export const noEgress: EgressPorts = {
  resolver: { resolve: () => Promise.reject(new Error('a name was looked up')) },
  dialer: { connect: () => Promise.reject(new Error('a connection was made')) },
  credentials: new Map(),
  prices: { version: 1, asOf: '2026-01-01', models: {} },
};
