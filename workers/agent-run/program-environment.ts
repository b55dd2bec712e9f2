import { agentVariables, canaryVariable } from '../../src/protocol/agent-environment.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a program that an agent runs: what the supervisor gave, without the key of the model, and what
 * the adapter adds. The canary stays: who reads the environment is to find it.
 */
export function programEnvironment(
  given: Environment,
  added: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = [...agentVariables, canaryVariable].flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...added };
}
