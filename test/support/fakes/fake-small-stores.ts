import type { TaskId } from '../../../src/domain/ids.ts';
import type { UsageRow, UsedAmounts } from '../../../src/domain/usage.ts';
import type { LeaseStore } from '../../../src/ports/leases.ts';
import type { PullRequestKey } from '../../../src/ports/pull-request-key.ts';
import type {
  CursorStore,
  KeptReply,
  PauseStore,
  ReplyStore,
  UsagePlace,
  UsageStore,
} from '../../../src/ports/store.ts';

/** The last word for each pull request. */
export class FakePauseStore implements PauseStore {
  readonly rows = new Map<string, { readonly isPaused: boolean; readonly atMs: number }>();

  async set(word: Parameters<PauseStore['set']>[0]): Promise<void> {
    const key = `${word.repositoryId}#${word.number}`;
    const known = this.rows.get(key);
    if (known === undefined || known.atMs <= word.atMs) this.rows.set(key, word);
  }

  async isPaused({ repositoryId, number }: PullRequestKey): Promise<boolean> {
    return this.rows.get(`${repositoryId}#${number}`)?.isPaused ?? false;
  }
}

/** Answers in an array, oldest first. */
export class FakeReplyStore implements ReplyStore {
  readonly rows: (KeptReply & { readonly thread: TaskId })[] = [];

  async add(thread: TaskId, reply: KeptReply): Promise<void> {
    if (!this.rows.some((row) => row.key === reply.key)) this.rows.push({ ...reply, thread });
  }

  async put(thread: TaskId, reply: KeptReply): Promise<void> {
    const at = this.rows.findIndex((row) => row.key === reply.key);
    if (this.rows[at]?.text === reply.text) return;
    if (at !== -1) this.rows.splice(at, 1);
    this.rows.push({ ...reply, thread });
  }

  async latest(thread: TaskId, limit: number): Promise<readonly KeptReply[]> {
    const mine = this.rows.filter((row) => row.thread === thread).toReversed();
    return mine.slice(0, limit).map(({ key, text }) => ({ key, text }));
  }
}

/** Cursors in a map. */
export class FakeCursorStore implements CursorStore {
  readonly rows = new Map<string, number>();

  async at(name: string): Promise<number> {
    return this.rows.get(name) ?? 0;
  }

  async move(...[name, fromMs, toMs]: Parameters<CursorStore['move']>): Promise<boolean> {
    if ((this.rows.get(name) ?? 0) !== fromMs) return false;
    this.rows.set(name, toMs);
    return true;
  }
}

/** Leases in a map. */
export class FakeLeaseStore implements LeaseStore {
  readonly rows = new Map<string, { readonly holder: string; readonly untilMs: number }>();

  async take({
    name,
    holder,
    nowMs,
    untilMs,
  }: Parameters<LeaseStore['take']>[0]): Promise<boolean> {
    const held = this.rows.get(name);
    if (held !== undefined && held.holder !== holder && held.untilMs > nowMs) return false;
    this.rows.set(name, { holder, untilMs });
    return true;
  }

  async release(...[name, holder]: Parameters<LeaseStore['release']>): Promise<void> {
    if (this.rows.get(name)?.holder === holder) this.rows.delete(name);
  }
}

/** What attempts used, by task and attempt. */
export class FakeUsageStore implements UsageStore {
  readonly rows = new Map<string, UsageRow>();

  async put(used: UsageRow): Promise<void> {
    const key = `${used.taskId}-${used.attempt}`;
    const { ms, tokens, costMicroUsd, requests } = used;
    const amounts = { ms, tokens, costMicroUsd, requests };
    this.rows.set(key, { ...(this.rows.get(key) ?? used), ...amounts });
  }

  async has(taskId: TaskId, sinceMs: number): Promise<boolean> {
    return [...this.rows.values()].some((row) => row.taskId === taskId && row.atMs >= sinceMs);
  }

  async sum(sinceMs: number, place: UsagePlace): Promise<UsedAmounts> {
    const wanted = Object.entries(place);
    const mine = [...this.rows.values()].filter(
      (row) =>
        row.atMs >= sinceMs && wanted.every(([key, value]) => Reflect.get(row, key) === value),
    );
    const total = (amount: Exclude<keyof UsedAmounts, 'tasks'>): number =>
      mine.reduce((sum, row) => sum + row[amount], 0);
    const tasks = new Set(mine.map(({ taskId }) => taskId)).size;
    const [ms, tokens, costMicroUsd] = [total('ms'), total('tokens'), total('costMicroUsd')];
    return { tasks, ms, tokens, costMicroUsd, requests: total('requests') };
  }
}
