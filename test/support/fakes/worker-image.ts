import type { AgentImageSource } from '../../../src/dispatch/image-for.ts';

/** A runner whose engine has one image, with the agents of the sample policies in it. */
export const workerImage: AgentImageSource = {
  imageOf: () => 'worker:1',
  engine: {
    image: async () => ({
      id: 'sha256:1',
      labels: { 'io.sallyport.agents': 'claude,claude-code,codex,command,hermes,linters' },
    }),
  },
};
