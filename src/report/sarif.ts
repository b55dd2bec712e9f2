import type { Finding, Severity } from '../domain/finding.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { ChangedSides } from './local-report.ts';
import { inOrder } from './order.ts';
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

/** A SARIF 2.1.0 log with one run: every finding as a result, with the edits on its lines as its fix. */
export function toSarif(outcome: Outcome, files: readonly ChangedSides[]) {
  const findings = inOrder(outcome.findings);
  const rules = [...new Set(findings.map(ruleIdOf))].sort();
  const fixes = fixesFor(findings, files);
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'sallyport', rules: rules.map((id) => ({ id })) },
          extensions: outcome.tools.map(({ name, version }) => ({
            name: plainLine(name, 64),
            version: plainLine(version, 64),
          })),
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: outcome.toolErrors.length === 0,
            toolExecutionNotifications: outcome.toolErrors.map(({ tool, message }) => ({
              level: 'error',
              message: { text: plain(`${tool}: ${message}`, 4_000) },
            })),
          },
        ],
        results: findings.map((finding) => ({
          ruleId: ruleIdOf(finding),
          ruleIndex: rules.indexOf(ruleIdOf(finding)),
          level: levels[finding.severity],
          message: { text: plain(finding.message, 16_000) },
          locations: [{ physicalLocation: locationOf(finding) }],
          ...fixProperty(fixes.get(finding)),
        })),
      },
    ],
  };
}

function ruleIdOf(finding: Finding): string {
  return plainLine(`${finding.tool}/${finding.rule}`, 300);
}

function locationOf({ path, range }: Finding) {
  const artifactLocation = { uri: uriOf(path) };
  return range === undefined ? { artifactLocation } : { artifactLocation, region: { ...range } };
}

function fixProperty(fix: SarifFix | undefined) {
  return fix === undefined ? {} : { fixes: [fix] };
}
