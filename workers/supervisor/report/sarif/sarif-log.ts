import { z } from 'zod';

const text = z.string().nullish();
const number = z.int().nullish();
const word = z.unknown().optional();
const strings = z.record(z.string(), z.string()).nullish();

/** SARIF 3.11 */
const Message = z.object({ text, id: text, arguments: z.array(z.string()).nullish() });
export type Message = z.infer<typeof Message>;

const MessageStrings = z.record(z.string(), z.object({ text })).nullish();

/** SARIF 3.4 */
const ArtifactLocation = z.object({ uri: text, uriBaseId: text, index: number });
export type ArtifactLocation = z.infer<typeof ArtifactLocation>;

/** SARIF 3.30; regions by character or byte offset are read as the whole file. */
const Region = z.object({
  startLine: number,
  startColumn: number,
  endLine: number,
  endColumn: number,
});
export type Region = z.infer<typeof Region>;

/** SARIF 3.28 */
const Location = z.object({
  message: Message.nullish(),
  physicalLocation: z
    .object({ artifactLocation: ArtifactLocation.nullish(), region: Region.nullish() })
    .nullish(),
});
export type Location = z.infer<typeof Location>;

const level = z.enum(['none', 'note', 'warning', 'error']).nullish();

/** SARIF 3.49 */
const Rule = z.object({
  id: z.string(),
  helpUri: text,
  shortDescription: z.object({ text }).nullish(),
  defaultConfiguration: z.object({ level }).nullish(),
  messageStrings: MessageStrings,
  properties: z.object({ precision: word }).nullish(),
});
export type Rule = z.infer<typeof Rule>;

/** SARIF 3.19 */
const Component = z.object({
  name: z.string(),
  version: text,
  semanticVersion: text,
  globalMessageStrings: MessageStrings,
  rules: z.array(Rule).nullish(),
});
export type Component = z.infer<typeof Component>;

const Fix = z.object({
  artifactChanges: z.array(
    z.object({
      artifactLocation: ArtifactLocation,
      replacements: z.array(
        z.object({
          deletedRegion: Region,
          insertedContent: z.object({ text, binary: text }).nullish(),
        }),
      ),
    }),
  ),
});
export type Fix = z.infer<typeof Fix>;

/** SARIF 3.27 */
const Result = z.object({
  ruleId: text,
  ruleIndex: number,
  rule: z
    .object({ id: text, index: number, toolComponent: z.object({ index: number }).nullish() })
    .nullish(),
  level,
  kind: text,
  message: Message,
  locations: z.array(Location).nullish(),
  relatedLocations: z.array(Location).nullish(),
  fixes: z.array(Fix).nullish(),
  fingerprints: strings,
  partialFingerprints: strings,
  suppressions: z.array(z.object({ status: text })).nullish(),
  baselineState: text,
  properties: z.object({ confidence: word, issue_confidence: word }).nullish(),
});
export type Result = z.infer<typeof Result>;

const notifications = z.array(z.object({ level, message: Message })).nullish();

/** SARIF 3.20 */
const Invocation = z.object({
  executionSuccessful: z.boolean().nullish(),
  toolExecutionNotifications: notifications,
  toolConfigurationNotifications: notifications,
});
export type Invocation = z.infer<typeof Invocation>;

/** SARIF 3.14 */
const Run = z.object({
  tool: z.object({ driver: Component, extensions: z.array(Component).nullish() }),
  columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']).nullish(),
  originalUriBaseIds: z.record(z.string(), ArtifactLocation).nullish(),
  artifacts: z.array(z.object({ location: ArtifactLocation.nullish() })).nullish(),
  invocations: z.array(Invocation).nullish(),
  /** Null or absent: the tool did not come to results. */
  results: z.array(Result).nullish(),
});
export type Run = z.infer<typeof Run>;

/** A SARIF 2.1.0 log (OASIS), as far as it is read; what is not known is passed over. */
export const SarifLog = z.object({ version: z.literal('2.1.0'), runs: z.array(Run) });
