import type { ModelUse } from './model-limit.ts';

interface Place {
  readonly routeId: string;
  readonly use: ModelUse;
}

/** Requests that models are answering, with what each will use at least. */
export class RequestsUnderWay {
  readonly #places = new Set<Place>();
  readonly #waiting = new Set<() => void>();

  /** Takes a place; gives what gives it back. */
  begin(routeId: string, use: ModelUse): () => void {
    const place = { routeId, use };
    this.#places.add(place);
    return () => {
      this.#places.delete(place);
      for (const wake of this.#waiting) wake();
    };
  }

  /** What all of them will use, or those of one route. */
  use(routeId?: string): ModelUse {
    return [...this.#places]
      .filter((place) => routeId === undefined || place.routeId === routeId)
      .reduce<ModelUse>(
        (sum, { use }) => ({
          tokens: sum.tokens + use.tokens,
          costMicroUsd: sum.costMicroUsd + use.costMicroUsd,
        }),
        { tokens: 0, costMicroUsd: 0 },
      );
  }

  /** Resolves when one of them has ended, or `signal` aborts. */
  nextEnd(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
    });
  }
}
