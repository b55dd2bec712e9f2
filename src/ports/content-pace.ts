/**
 * How fast one installation may create content, over all processes: `domain/content-limits`. Times are epoch ms.
 * @throws SallyportError `store.unavailable`; nothing may be created then
 */
export interface ContentPace {
  /** Takes room for one piece of content, at `nowMs`; else the ms until it is worth asking again. 0: taken. */
  take(installationId: number, nowMs: number): Promise<number>;
  /** GitHub said to stop until then: nobody takes before. A later word never shortens an earlier one. */
  block(installationId: number, untilMs: number): Promise<void>;
}
