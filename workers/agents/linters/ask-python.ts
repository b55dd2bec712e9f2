import { z } from 'zod';
import { type BatchAnswer, type BatchOutcome, inBatches } from './batch.ts';
import type { LintContext } from './linter.ts';
import { oneLine } from './make-finding.ts';

/** A Python program over many texts: `answer(text, rules)` is called for each. */
export type PythonQuestion<T> = {
  /** Must define `answer(text, rules)` and may use `settings`; its value is sent back as JSON. */
  readonly program: string;
  readonly settings: unknown;
  readonly answer: z.ZodType<T>;
};

/** A text to ask about. It travels as JSON on stdin: no file name, no argument, no encoding guess. */
export type PythonInput = {
  readonly path: string;
  readonly text: string;
  readonly rules?: readonly string[];
};

/** Address space of the interpreter: a hostile document may not take the sandbox's memory with it. */
const maxAddressSpaceBytes = 2 * 1024 ** 3;

const prelude = `
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (${maxAddressSpaceBytes}, ${maxAddressSpaceBytes}))
question = json.load(sys.stdin)
settings = question["settings"]
`;

const epilogue = `
def attempt(item):
    try:
        return {"value": answer(item["text"], item["rules"])}
    except (Exception, RecursionError) as error:
        return {"error": type(error).__name__}
json.dump([attempt(item) for item in question["inputs"]], sys.stdout)
`;

/**
 * Asks Debian's Python, isolated from the environment and the working folder (`-I`), about texts.
 * A program that ends with another exit code than 0 says why with `sys.exit("reason")`.
 */
export async function askPython<T>(
  context: LintContext,
  question: PythonQuestion<T>,
  inputs: readonly PythonInput[],
): Promise<BatchOutcome<PythonInput, { readonly path: string; readonly value: T }>> {
  const Answers = z.array(
    z.union([z.object({ value: question.answer }), z.object({ error: z.string() })]),
  );
  const program = prelude + question.program + epilogue;
  const whole = { program, settings: question.settings };
  const failures: { input: PythonInput; why: string }[] = [];
  const ask = async (batch: readonly PythonInput[]) => {
    const answers = await askOnce(context, whole, batch);
    if (!answers.ok) return answers;
    const parsed = Answers.safeParse(answers.values);
    if (!parsed.success || parsed.data.length !== batch.length)
      return { ok: false as const, why: 'it gave no answer' };
    const values = batch.flatMap((input, index) => {
      const answer = parsed.data[index];
      if (answer !== undefined && 'value' in answer)
        return { path: input.path, value: answer.value };
      failures.push({ input, why: answer?.error ?? 'it gave no answer' });
      return [];
    });
    return { ok: true as const, values };
  };
  const limits = { maxInputs: 512, maxWeight: 8 * 1024 * 1024, weigh: weightOf };
  const outcome = await inBatches(inputs, ask, limits);
  return { values: outcome.values, failures: [...outcome.failures, ...failures] };
}

function weightOf({ text }: PythonInput): number {
  return text.length;
}

async function askOnce(
  context: LintContext,
  { program, settings }: Pick<PythonQuestion<unknown>, 'program' | 'settings'>,
  batch: readonly PythonInput[],
): Promise<BatchAnswer<unknown>> {
  const inputs = batch.map(({ text, rules }) => ({ text, rules: rules ?? [] }));
  const result = await context.exec({
    tool: 'python3',
    args: ['-I', '-c', program],
    cwd: context.workspace,
    stdin: JSON.stringify({ settings, inputs }),
  });
  if (!result.ok) return result;
  if (result.code !== 0)
    return { ok: false, why: oneLine(result.stderr.trim().split('\n').at(-1) ?? '', 300) };
  try {
    const values: unknown = JSON.parse(result.stdout);
    return Array.isArray(values) ? { ok: true, values } : { ok: false, why: 'it gave no answer' };
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, why: 'it gave no answer' };
    throw error;
  }
}
