import type { Mutation } from './mutation.ts';
import { host, hostNetwork, loopbackOnly, privileged, rootAgent } from './weaknesses.ts';

/** What keeps the network away, taken away. */
export const networkMutations: readonly Mutation[] = [
  {
    name: 'host-network',
    cases: [
      'network.interfaces',
      'network.addresses',
      'network.metadata',
      'network.datagrams',
      'network.names',
      'network.abstract-sockets',
    ],
    options: hostNetwork,
    bench: loopbackOnly,
  },
  {
    name: 'icmp',
    cases: ['network.icmp'],
    options: (options) => hostNetwork(privileged(options)),
    image: rootAgent,
    bench: loopbackOnly,
  },
  {
    name: 'one-host-for-two',
    cases: ['network.neighbour'],
    options: (options) => hostNetwork(host({ IpcMode: 'host' })(options)),
    // Two proxies in one network namespace cannot have one port.
    image: {
      supervisor: [
        ['proxyPort = 3128', 'proxyPort = 0'],
        ['modelPort = 3129', 'modelPort = 0'],
      ],
    },
  },
];
