/** The answer to one batch: a result for all of it, or why there is none. */
export type BatchAnswer<T> =
  | { readonly ok: true; readonly values: readonly T[] }
  | { readonly ok: false; readonly why: string };

/** What all batches together gave; `failures` names each input that alone makes the tool fail. */
export type BatchOutcome<I, T> = {
  readonly values: readonly T[];
  readonly failures: readonly { readonly input: I; readonly why: string }[];
};

/** How large a batch may become, in inputs and in the sum of their weights. */
export type BatchLimits<I> = {
  readonly maxInputs: number;
  readonly maxWeight: number;
  readonly weigh: (input: I) => number;
};

/**
 * For paths as arguments, of which Linux takes 2 MiB with its usual stack: at most 128 KiB of them.
 * A sixteenth of the text counts too: 2 MiB of it, so that a batch ends well within its time.
 */
const argumentLimits: BatchLimits<{ readonly path: string; readonly text?: string }> = {
  maxInputs: 256,
  maxWeight: 128 * 1024,
  weigh: ({ path, text = '' }) => Buffer.byteLength(path) + 3 + text.length / 16,
};

/**
 * Runs `run` over the inputs in batches. A batch that fails is halved until the inputs that break
 * the tool stand alone, so that one hostile file cannot silence the findings on all others.
 */
export async function inBatches<I extends { readonly path: string; readonly text?: string }, T>(
  inputs: readonly I[],
  run: (batch: readonly I[]) => Promise<BatchAnswer<T>>,
  limits: BatchLimits<I> = argumentLimits,
): Promise<BatchOutcome<I, T>> {
  const pending = cut(inputs, limits);
  const values: T[] = [];
  const failures: { input: I; why: string }[] = [];
  for (let batch = pending.shift(); batch !== undefined; batch = pending.shift()) {
    const answer = await run(batch);
    const [only] = batch;
    if (answer.ok) {
      // One by one: findings without number, as arguments, overflow the stack.
      for (const value of answer.values) values.push(value);
    } else if (batch.length === 1 && only !== undefined)
      failures.push({ input: only, why: answer.why });
    else {
      const middle = Math.ceil(batch.length / 2);
      pending.unshift(batch.slice(0, middle), batch.slice(middle));
    }
  }
  return { values, failures };
}

/** One sentence for each input that a tool could not deal with, at most ten and then a count. */
export function failureMessages(
  failures: readonly { readonly input: { readonly path: string }; readonly why: string }[],
): string[] {
  const named = failures
    .slice(0, 10)
    .map(({ input, why }) => `gave nothing for ${JSON.stringify(input.path)}: ${why}`);
  const rest = failures.length - named.length;
  return rest > 0 ? [...named, `gave nothing for ${rest} more files`] : named;
}

function cut<I>(inputs: readonly I[], limits: BatchLimits<I>): I[][] {
  const batches: I[][] = [];
  let weight = 0;
  for (const input of inputs) {
    const own = limits.weigh(input);
    const last = batches.at(-1);
    if (last === undefined || last.length >= limits.maxInputs || weight + own > limits.maxWeight) {
      batches.push([input]);
      weight = own;
    } else {
      last.push(input);
      weight += own;
    }
  }
  return batches;
}
