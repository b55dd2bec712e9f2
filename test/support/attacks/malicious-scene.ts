import { readFileSync } from 'node:fs';
import type { LedgerEntry } from '../../../src/domain/ledger-entry.ts';
import { sampleHead } from '../../demo/sample-repository.ts';
import { type AgentSystem, startAgentSystem } from '../../e2e/agent-system.ts';
import { repo } from '../../e2e/system.ts';
import type { Asked } from '../agents/asked.ts';
import type { CheckRun } from '../github/records.ts';
import type { ModelRequest } from '../models/scripted-model.ts';
import { say } from '../models/turn.ts';
import { type AttackName, attackNames, stories } from './stories.ts';

const agent = 'claude-code';
const program = new URL('./attack-inside.ts', import.meta.url);

/** What came of one pull request on which the model is malicious. */
export interface Attack {
  readonly check: CheckRun;
  /** Rows of its task. */
  readonly rows: readonly LedgerEntry[];
  readonly asked: readonly Asked[];
  /** Texts of Sallyport on the pull request. */
  readonly bodies: readonly string[];
  /** Commit of its branch afterwards. */
  readonly headAfter: string;
  readonly headSha: string;
}

/** One system, on which every pull request is reviewed by an agent whose model is malicious. */
export class MaliciousScene {
  readonly #agents: AgentSystem;
  readonly #asked: Asked[];

  private constructor(agents: AgentSystem, asked: Asked[]) {
    this.#agents = agents;
    this.#asked = asked;
  }

  static async start(): Promise<MaliciousScene> {
    const asked: Asked[] = [];
    const triggers = { events: ['opened'], drafts: false };
    const agents = await startAgentSystem({
      agents: [agent],
      routes: {
        [agent]: { limits: { tokens: 10_000_000, costMicroUsd: 100_000_000, requests: 20 } },
      },
      tasks: {
        review: {
          agent,
          triggers: { ...triggers, paths: ['tools/attack.ts'] },
          outputs: { patch: 'approval' },
        },
        remark: {
          agent,
          triggers: { ...triggers, paths: ['docs/**'] },
          outputs: { patch: 'none' },
        },
      },
      script: (one) => {
        asked.push(one);
        const name = nameIn(one);
        return name === undefined ? say('Nothing.') : stories[name](one);
      },
    });
    return new MaliciousScene(agents, asked);
  }

  close(): Promise<void> {
    return this.#agents.close();
  }

  get key(): string {
    return this.#agents.key;
  }

  /** All that the provider was asked. */
  get requests(): readonly ModelRequest[] {
    const { requests, sideRequests } = this.#agents.model;
    return [...requests, ...sideRequests];
  }

  async attack(name: AttackName): Promise<Attack> {
    const { system } = this.#agents;
    const { standIn } = system;
    const isRemark = name === 'break out of a comment';
    const planted = isRemark ? 'docs/a.md' : 'tools/attack.ts';
    const branch = name.replaceAll(' ', '-');
    await standIn.pushBranch(repo, branch, sampleHead, 'contributor');
    const files = { [planted]: readFileSync(program, 'utf8') };
    await standIn.pushBranch(repo, branch, { message: 'Attack', files }, 'contributor');
    const opened = await standIn.openPullRequest({
      repo,
      author: 'contributor',
      head: branch,
      title: name,
    });
    const { number } = opened;
    const { headSha } = opened.pull;
    const check = await system.concluded(headSha, isRemark ? 'sallyport remark' : 'sallyport');
    const taskId = /Task:? `(t[0-9a-f]{24})`/.exec(check.output.summary ?? '')?.[1];
    const texts = [
      ...standIn.reviewComments(repo, number),
      ...standIn.issueComments(repo, number),
      ...standIn.reviews(repo, number),
    ];
    return {
      check,
      rows: (await system.rows()).filter((row) => row.taskId === taskId),
      asked: this.#asked.filter((one) => nameIn(one) === name),
      bodies: texts.map(({ body }) => body ?? ''),
      headSha,
      headAfter: opened.pull.headSha,
    };
  }
}

function nameIn({ prompt }: Asked): AttackName | undefined {
  return attackNames.find((name) => prompt.includes(name));
}
