import type { Finding, Severity } from '../domain/finding.ts';
import type { Marks } from '../domain/finding-record.ts';
import type { Outcome } from '../domain/outcome.ts';
import { laterStageLines } from './later-stage-lines.ts';
import type { ChangedSides, LocalGate } from './local-report.ts';
import { inOrder } from './order.ts';
import { replacedWords } from './replaced-words.ts';
import { plain, plainLine } from './sanitise.ts';
import { fixesFor, type SarifFix, uriOf } from './sarif-fixes.ts';

/** Where the schema of SARIF 2.1.0 is published (OASIS, errata 01). */
const schema =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const levels: Readonly<Record<Severity, 'note' | 'warning' | 'error'>> = {
  info: 'note',
  warning: 'warning',
  error: 'error',
};

/**
 * A SARIF 2.1.0 log with one run: every finding as a result, with the edits on its lines as its fix. Tools
 * that could not run, files that were left out, those that steer agents and what a second agent and the policy's commands said
 * are notifications. Gate 2's word on a patch is the run's property `gate`.
 */
export function toSarif(
  outcome: Outcome,
  files: readonly ChangedSides[],
  gate: LocalGate | null = null,
) {
  const findings = inOrder(outcome.findings);
  const rules = [...new Set(findings.map(ruleIdOf))].sort();
  const helped = findings.filter(({ helpUrl }) => helpUrl !== undefined);
  const helpUrls = new Map(helped.map((finding) => [ruleIdOf(finding), finding.helpUrl]));
  const fixes = fixesFor(findings, files);
  const marks = new Map(
    outcome.findings.map((finding, index) => [finding, outcome.marks?.[index]]),
  );
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'sallyport', rules: rules.map((id) => ruleOf(id, helpUrls)) },
          extensions: outcome.tools.map(({ name, version }) => ({
            name: plainLine(name, 64),
            version: plainLine(version, 64),
          })),
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: outcome.toolErrors.length === 0,
            toolExecutionNotifications: notificationsOf(outcome),
          },
        ],
        results: findings.map((finding) => ({
          ruleId: ruleIdOf(finding),
          ruleIndex: rules.indexOf(ruleIdOf(finding)),
          level: levels[finding.severity],
          message: { text: plain(finding.message, 16_000) },
          locations: [{ physicalLocation: locationOf(finding) }],
          ...knownOf(finding),
          ...fingerprintsOf(finding, marks.get(finding)),
          ...fixProperty(fixes.get(finding)),
        })),
        ...(gate === null ? {} : { properties: { gate: gateProperty(gate) } }),
      },
    ],
  };
}

/** SARIF 3.58: what tells a reader that the results may not be all there is. */
function notificationsOf(outcome: Outcome) {
  const { toolErrors, omitted, refused, replaced = [] } = outcome;
  const errors = toolErrors.map(({ tool, message }) => ({
    level: 'error' as const,
    message: { text: plain(`${tool}: ${message}`, 4_000) },
  }));
  const left = [...refused, ...omitted].map(({ path, reason }) => ({
    level: 'warning' as const,
    message: { text: plainLine(`left out: ${path} (${reason})`, 5_000) },
  }));
  const steering = replaced.map(({ path, what }) => ({
    level: 'note' as const,
    message: { text: plainLine(`steers agents: ${path} (${replacedWords[what]})`, 5_000) },
  }));
  const later = laterStageLines(outcome).map((text) => ({
    level: 'note' as const,
    message: { text },
  }));
  return [...errors, ...left, ...steering, ...later];
}

function gateProperty({ status, reasons }: LocalGate) {
  return { status, reasons: reasons.map((reason) => plainLine(reason, 8_000)) };
}

function ruleIdOf(finding: Finding): string {
  return plainLine(`${finding.tool}/${finding.rule}`, 300);
}

function ruleOf(id: string, helpUrls: ReadonlyMap<string, string | undefined>) {
  const helpUri = helpUrls.get(id);
  return helpUri === undefined ? { id } : { id, helpUri };
}

/** What some tools say of a result besides. */
function knownOf({ confidence, related }: Finding) {
  return {
    ...(confidence === undefined ? {} : { properties: { confidence } }),
    ...(related === undefined
      ? {}
      : {
          relatedLocations: related.map((place) => ({
            physicalLocation: locationOf(place),
            message: { text: plain(place.message, 1_000) },
          })),
        }),
  };
}

/** SARIF 3.27.17: what a result is known again by. The names say whose each is. */
function fingerprintsOf({ toolFingerprint }: Finding, marks: Marks | undefined) {
  const partialFingerprints = {
    ...(marks === undefined ? {} : { 'sallyport/v1': marks.key + marks.near }),
    ...(toolFingerprint === undefined ? {} : { 'tool/v1': plainLine(toolFingerprint, 400) }),
  };
  return Object.keys(partialFingerprints).length === 0 ? {} : { partialFingerprints };
}

function locationOf({ path, range }: Pick<Finding, 'path' | 'range'>) {
  const artifactLocation = { uri: uriOf(path) };
  return range === undefined ? { artifactLocation } : { artifactLocation, region: { ...range } };
}

function fixProperty(fix: SarifFix | undefined) {
  return fix === undefined ? {} : { fixes: [fix] };
}
