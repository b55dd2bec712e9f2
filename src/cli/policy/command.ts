import { SallyportError } from '../../errors.ts';
import { checkPolicies } from './check.ts';
import { explainPolicies } from './explain.ts';
import { type SimulatePlaces, simulateEvent } from './simulate.ts';

/** What the command works on; `write` takes whole texts. */
export interface PolicyCommandDeps extends SimulatePlaces {
  readonly write: (text: string) => void;
}

/**
 * `sallyport policy check`, `explain` and `simulate`: reads policies, runs nothing and writes nothing. Resolves with the exit code.
 * @throws SallyportError with what to do
 */
export async function policyCommand(
  args: readonly string[],
  { write, ...places }: PolicyCommandDeps,
): Promise<number> {
  const [action, ...rest] = args;
  switch (action) {
    case 'check':
      return checkPolicies(rest, places, write);
    case 'explain':
      return explainPolicies(rest, places, write);
    case 'simulate':
      return simulateEvent(rest, places, write);
    default: {
      const message = 'sallyport policy takes check, explain or simulate';
      throw new SallyportError('usage.invalid', message);
    }
  }
}
