import { Agent, fetch as undiciFetch } from 'undici';

/**
 * A fetch that trusts servers of these authorities (PEM) and no others, for a GitHub with a private one. Only what is
 * sent through it: Node's own list, which model providers and Redis are held to, stays as it is.
 */
export function fetchTrusting(certificates: readonly string[]): typeof fetch {
  const dispatcher = new Agent({ connect: { ca: [...certificates] } });
  const trusting = (input: string, init: object) => undiciFetch(input, { ...init, dispatcher });
  // Node's fetch is this package, of another version: the same by specification, not by type.
  return trusting as unknown as typeof fetch;
}
