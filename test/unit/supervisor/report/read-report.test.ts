import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ReportingRun,
  readReport,
} from '../../../../workers/supervisor/report/read-report.ts';
import { doneFix, readLeft, reportIn } from '../../../support/report/left-report.ts';
import { oddFiles } from '../../../support/report/odd-files.ts';
import { sampleFinding } from '../../../support/report/samples.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'read-report-'));
});
afterEach(() => rmSync(out, { recursive: true }));

const empty = { findings: [], tools: [], toolErrors: [] };
const log = { version: '2.1.0', runs: [] };

it('takes a report in the contract’s own format as it is', () => {
  const report = { ...empty, findings: [{ ...sampleFinding(), columnUnit: 'utf8' }] };
  expect(readLeft({ 'report.json': JSON.stringify(report) })).toEqual({
    report,
    reportError: null,
  });
});

it('takes a SARIF log, with a byte-order mark too', () => {
  expect(reportIn({ 'report.sarif': `\ufeff${JSON.stringify(log)}` })).toEqual(empty);
});

it.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['nothing', {}, /^the agent left no report$/],
  ['a file of another name', { 'REPORT.json': '{}' }, /^the agent left no report$/],
  [
    'two reports',
    { 'report.json': JSON.stringify(empty), 'report.sarif': JSON.stringify(log) },
    /^the agent left more than one report: report\.json, report\.sarif$/,
  ],
  ['no JSON', { 'report.sarif': '{"version":' }, /^the report is not JSON$/],
  ['nothing at all in it', { 'report.sarif': '' }, /^the report is not JSON$/],
  ['JSON of another shape', { 'report.sarif': '[]' }, /^the report is not valid at : /],
  ['another version', { 'report.sarif': '{"version":"3.0","runs":[]}' }, /valid at version: /],
  [
    'a result of another shape',
    { 'report.sarif': JSON.stringify({ ...log, runs: [{ tool: { driver: {} } }] }) },
    /^the report is not valid at runs\.0\.tool\.driver\.name: /,
  ],
  ['a field too many', { 'report.json': '{"findings":[],"x":1}' }, /^the report is not valid at /],
])('refuses by name: %s', (_what, files, error) => {
  const { report, reportError } = readLeft(files);
  expect(report).toBeNull();
  expect(reportError).toMatch(error);
});

it.each(oddFiles(6_291_456))('does not read %s', (_what, make, error) => {
  make(join(out, 'report.sarif'));
  const { report, reportError } = readReport({ out, workspace: '/workspace' }, doneFix);
  expect(report).toBeNull();
  expect(reportError).toMatch(error);
});

it('says what is wrong with a report in a few words, however many it takes', () => {
  const key = 'x'.repeat(5_000);
  const { reportError } = readLeft({ 'report.json': JSON.stringify({ ...empty, [key]: 1 }) });
  expect(reportError).toHaveLength(500);
});

describe('a report of an agent that did not end well', () => {
  const end = { exitCode: 1, signal: null, timedOut: false };
  const killed = { exitCode: null, signal: 'SIGKILL', timedOut: false };
  const allIsWell = { 'report.json': JSON.stringify(empty) };
  const finding = { ...sampleFinding(), columnUnit: 'utf8' };

  it.each<[string, ReportingRun['end'], string]>([
    ['by its exit code', end, 'ended with exit code 1'],
    ['by a signal', killed, 'ended by SIGKILL'],
    ['late', { ...killed, timedOut: true }, 'ended by SIGKILL when its time was over'],
  ])('does not hide it: %s', (_, how, words) => {
    const message = `${words}, and had not done all of its work`;
    const { report } = readLeft(allIsWell, { ...doneFix, kind: 'review', end: how });
    expect(report?.toolErrors).toEqual([{ tool: 'probe', message }]);
  });

  it('keeps its findings, and the errors of others', () => {
    const toolErrors = [{ tool: 'eslint', message: 'no' }];
    const files = {
      'report.json': JSON.stringify({ ...empty, findings: [finding], toolErrors }),
    };
    const { report } = readLeft(files, { ...doneFix, end });
    expect(report?.findings).toEqual([finding]);
    expect(report?.toolErrors.map(({ tool }) => tool)).toEqual(['eslint', 'probe']);
  });

  it('has what it says of itself once', () => {
    const toolErrors = [{ tool: 'probe', message: 'the model refused' }];
    const files = { 'report.json': JSON.stringify({ ...empty, toolErrors }) };
    expect(readLeft(files, { ...doneFix, end }).report?.toolErrors).toEqual(toolErrors);
  });
});
