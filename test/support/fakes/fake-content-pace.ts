import { contentLimits } from '../../../src/domain/content-limits.ts';
import type { ContentPace } from '../../../src/ports/content-pace.ts';

/** When each installation created content, in arrays; nothing is ever forgotten. */
export class FakeContentPace implements ContentPace {
  readonly writes = new Map<number, number[]>();
  readonly blocks = new Map<number, number>();

  async take(installationId: number, nowMs: number): Promise<number> {
    // What is an hour ahead was written before the clock was set back.
    const written = (this.writes.get(installationId) ?? []).filter(
      (atMs) => atMs <= nowMs + 3_600_000,
    );
    const newestFirst = written.toSorted((a, b) => b - a);
    const frees = contentLimits.map(
      ({ most, spanMs }) => (newestFirst[most - 1] ?? -spanMs) + spanMs,
    );
    const freeAtMs = Math.max(this.blocks.get(installationId) ?? 0, ...frees);
    if (freeAtMs > nowMs) return freeAtMs - nowMs;
    this.writes.set(installationId, [...written, nowMs]);
    return 0;
  }

  async block(installationId: number, untilMs: number): Promise<void> {
    const before = this.blocks.get(installationId) ?? 0;
    this.blocks.set(installationId, Math.max(before, untilMs));
  }
}
