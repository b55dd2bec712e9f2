import type { Finding, Severity } from '../domain/finding.ts';
import { counted, findingsInWords } from './counted.ts';
import { notesOf } from './finding-notes.ts';
import { laterStageLines } from './later-stage-lines.ts';
import type { LocalGate, LocalReport } from './local-report.ts';
import { comparePlace } from './order.ts';
import { patchPieces } from './patch-text.ts';
import { replacedWords } from './replaced-words.ts';
import { plain, plainLine } from './sanitise.ts';
import { pointAt } from './source-excerpt.ts';
import { splitLines } from './text-lines.ts';

/** SGR codes: red, yellow, cyan. */
const colours: Readonly<Record<Severity, string>> = { error: '31', warning: '33', info: '36' };
const maxMessageLength = 8_000;
const maxNameLength = 4_096;

/**
 * Findings with their source lines in path order, what could not run or was left out, what a second agent and the
 * commands of the policy said, the patch with gate 2's word on it, and a last line with counts.
 */
export function toLocalText(report: Omit<LocalReport, 'format'>): string {
  const { outcome, files, gate } = report;
  const findings = outcome.findings.toSorted(comparePlace).map((one) => findingText(one, report));
  const errors = outcome.toolErrors.map(
    (error) => `could not run: ${plainLine(`${error.tool}: ${error.message}`, maxMessageLength)}\n`,
  );
  const left = [...outcome.refused, ...outcome.omitted].map(
    (row) => `left out: ${plainLine(row.path, maxNameLength)} (${row.reason})\n`,
  );
  const replaced = (outcome.replaced ?? []).map(
    ({ path, what }) =>
      `steers agents: ${plainLine(path, maxNameLength)} (${replacedWords[what]})\n`,
  );
  const paint = painter(report.isColoured);
  const later = laterStageLines(outcome).map((line) => `${line}\n`);
  const patch =
    gate === null ? [] : [...files.flatMap((file) => patchText(file, paint)), ...gateLines(gate)];
  const all = [...findings, ...errors, ...left, ...replaced, ...later, ...patch];
  return [...all, `${lastLine(report)}\n`].join('');
}

/** A file's patch: its header bold, `@@` cyan, what goes red, what comes green. */
function patchText(
  file: LocalReport['files'][number],
  paint: (text: string, code: string) => string,
): readonly string[] {
  const lineColours: Readonly<Record<string, string>> = { '@': '36', '-': '31', '+': '32' };
  return patchPieces(file.path, file).map((piece, index) =>
    piece.replace(/^.+$/gm, (line) => {
      const code = index === 0 ? '1' : lineColours[line.charAt(0)];
      return code === undefined ? line : paint(line, code);
    }),
  );
}

function gateLines({ status, reasons }: LocalGate): readonly string[] {
  const words: Readonly<Record<LocalGate['status'], string>> = {
    empty: 'nothing to fix',
    refused: 'the patch would not be let through',
    approvable: 'the patch would wait for approval',
  };
  return [
    `gate: ${words[status]}\n`,
    ...reasons.map((reason) => `    ${plainLine(reason, maxMessageLength)}\n`),
  ];
}

function findingText(finding: Finding, report: Omit<LocalReport, 'format'>): string {
  const { path, range, severity, tool, rule, message } = finding;
  const paint = painter(report.isColoured);
  const place = [plainLine(path, maxNameLength), range?.startLine, range?.startColumn]
    .filter((part) => part !== undefined)
    .join(':');
  const what = `${paint(severity, colours[severity])} ${plainLine(`${tool}/${rule}`, 300)}`;
  // Further lines of a message are indented, or one could pass for a finding or a workflow command.
  const text = [plain(message, maxMessageLength), ...notesOf(finding)]
    .join('\n')
    .replaceAll('\n', '\n    ');
  return `${paint(place, '1')}: ${what}: ${text}\n${excerptOf(finding, report, paint)}`;
}

function excerptOf(
  { path, range, severity }: Finding,
  { sources }: Pick<LocalReport, 'sources'>,
  paint: (text: string, code: string) => string,
): string {
  const source = splitLines(sources.get(path) ?? new Uint8Array());
  if (range === undefined || source.kind === 'binary') return '';
  const line = source.lines[range.startLine - 1];
  if (line === undefined) return '';
  const { code, pointer } = pointAt(line, range);
  const number = String(range.startLine).padStart(5);
  const gutter = ' '.repeat(number.length);
  return `${number} | ${code}\n${gutter} | ${paint(pointer, colours[severity])}\n`;
}

function painter(isColoured: boolean): (text: string, code: string) => string {
  return (text, code) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text);
}

function lastLine({ outcome, files }: Pick<LocalReport, 'outcome' | 'files'>): string {
  const seconds = (outcome.runMs / 1_000).toFixed(1);
  const changes = files.length === 0 ? '' : `; changes to ${counted(files.length, 'file')}`;
  return `${findingsInWords(outcome.findings)}${changes} (${seconds} s)`;
}
