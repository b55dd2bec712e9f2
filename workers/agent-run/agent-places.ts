import { outFolder } from '../../src/protocol/agent-report.ts';

/** Where a harness finds and leaves what. */
export interface AgentPlaces {
  readonly task: string;
  readonly workspace: string;
  readonly out: string;
  /** The tree of the merge base. */
  readonly mergeBase: string;
  readonly home: string;
  /** Sallyport's own bundles. */
  readonly bundles: string;
  /** One folder with `node_modules` for each agent. */
  readonly agents: string;
  /** Where models are asked; a route's label follows. */
  readonly models: string;
}

/** As in every image. */
export const imagePlaces: AgentPlaces = {
  task: '/task',
  workspace: '/workspace',
  out: outFolder,
  mergeBase: '/base',
  home: '/home/agent',
  bundles: '/opt/sallyport',
  agents: '/opt/sallyport/cli',
  models: 'http://127.0.0.1:3129',
};
