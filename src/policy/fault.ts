/** The layers of a policy, from the one that decides most. */
export const layerNames = ['operator', 'organisation', 'repository'] as const;
export type LayerName = (typeof layerNames)[number];

/** A place in a policy file. Lines and columns count from 1; columns are UTF-16 units. */
export interface Place {
  readonly layer: LayerName;
  /** What people call the file: a path, or `owner/name:path`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a policy. The list is closed. */
export type FaultCode =
  /** Not text that is read at all: size, encoding, hidden characters. */
  | 'text'
  /** Not YAML, or YAML of a kind that is not taken: aliases, tags, duplicate keys. */
  | 'yaml'
  /** A key or a value that the language does not have. */
  | 'schema'
  /** Wider than a layer above allows. */
  | 'loosens'
  /** Only the operator's layer may say this. */
  | 'operator-only'
  /** Not among what a layer above lists. */
  | 'not-allowed'
  /** Good alone, and not together with what a layer above says. */
  | 'clashes'
  /** Nobody says it, and it has to be said. */
  | 'missing';

/** Most faults told about one document; more help nobody, and a hostile text has thousands. */
export const maxFaults = 50;

/** One thing that is wrong, where it is, and where the layer above says otherwise. */
export interface PolicyFault {
  readonly code: FaultCode;
  /** The leaf, as `tasks.fix.limits.pids`; empty for the document as a whole. */
  readonly path: string;
  /** A sentence without its place. */
  readonly message: string;
  readonly at: Place;
  readonly above?: Place;
}

/** A fault as compilers write one: `file:line:column: path: message`, with both places. */
export function describeFault({ at, path, message, above }: PolicyFault): string {
  const subject = path === '' ? '' : `${path}: `;
  const other = above === undefined ? '' : ` (${above.layer}: ${describePlace(above)})`;
  return `${describePlace(at)}: ${subject}${message}${other}`;
}

/** `file:line:column`. */
function describePlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
