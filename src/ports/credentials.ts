/** Gives a secret when it is needed: one that is changed meanwhile is given as it is then. */
export type SecretProvider = () => string | Promise<string>;

/** The operator's secrets by the names that rules and routes use. A `Map` is one. */
export interface Credentials {
  /** Undefined for a name that is not known now; one that is added later is. */
  get(name: string): SecretProvider | undefined;
  /** Of all that may be in use: what comes out of a sandbox is looked through for them. */
  values(): Iterable<SecretProvider>;
}
