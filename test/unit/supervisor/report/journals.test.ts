import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ReportingRun,
  readReport,
} from '../../../../workers/supervisor/report/read-report.ts';
import { doneFix, readLeft } from '../../../support/report/left-report.ts';
import { oddFiles } from '../../../support/report/odd-files.ts';
import { sampleFinding } from '../../../support/report/samples.ts';

const finding = sampleFinding();
const other = sampleFinding({ message: 'Another thing.' });
const empty = { findings: [], tools: [], toolErrors: [] };
const jsonl = (...lines: readonly object[]) =>
  lines.map((one) => `${JSON.stringify(one)}\n`).join('');
const review: ReportingRun = { ...doneFix, kind: 'review' };
const ended = (signal: string, timedOut = false): ReportingRun => ({
  ...review,
  end: { exitCode: null, signal, timedOut },
});

describe('what an agent said while it worked', () => {
  it('is a report by itself', () => {
    expect(readLeft({ 'reported.jsonl': jsonl(finding, other) }, review)).toEqual({
      report: { ...empty, findings: [finding, other] },
      reportError: null,
    });
  });

  it('is kept of an agent that was ended, which is said', () => {
    const { report } = readLeft({ 'reported.jsonl': jsonl(finding) }, ended('SIGTERM'));
    const message = 'left no whole report, and ended by SIGTERM';
    expect(report).toEqual({
      ...empty,
      findings: [finding],
      toolErrors: [{ tool: 'probe', message }],
    });
    const late = readLeft({ 'reported.jsonl': '' }, ended('SIGKILL', true)).report;
    expect(late?.toolErrors[0]?.message).toMatch(/SIGKILL when its time was over$/);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'of a report that it wrote then',
      { 'report.json': JSON.stringify(empty) },
      'was asked to end',
    ],
    ['of what it had said', { 'reported.jsonl': jsonl(finding) }, 'was asked to end'],
    [
      'where it says so itself',
      {
        'report.json': JSON.stringify({
          ...empty,
          toolErrors: [{ tool: 'probe', message: 'cut' }],
        }),
      },
      'cut',
    ],
  ])('is known not to be all when it was asked to end: %s', (_, files, message) => {
    const errors = readLeft(files, { ...review, askedToEnd: true }).report?.toolErrors;
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ tool: 'probe' });
    expect(errors?.[0]?.message).toContain(message);
  });

  it('stands behind a report, each finding once', () => {
    const more = { ...other, fix: { edits: [] } };
    const report = { ...empty, findings: [finding], tools: [{ name: 'probe', version: '1' }] };
    const files = {
      'report.json': JSON.stringify(report),
      'reported.jsonl': jsonl({ ...finding, severity: 'info' }, more, other),
    };
    const { report: read } = readLeft(files, review);
    expect(read).toEqual({ ...report, findings: [finding, more] });
  });

  it('is two findings where place or words differ', () => {
    const range = { startLine: 1, endLine: 1 };
    const several = [finding, { ...finding, range }, { ...finding, rule: 'x' }];
    const { report } = readLeft({ 'reported.jsonl': jsonl(...several) }, review);
    expect(report?.findings).toHaveLength(3);
  });

  it.each(['report.json', 'opinions.jsonl'])(
    'is opinions, and what another program says of them in %s takes no finding away',
    (name) => {
      const opinion = (id: string, verdict: string) => ({ id, verdict, reason: 'r' });
      const said = [opinion('a', 'confirmed'), opinion('b', 'unsure'), opinion('c', 'refuted')];
      const forged = ['a', 'b'].map((id) => opinion(id, 'refuted'));
      const files =
        name === 'report.json'
          ? {
              'opinions.jsonl': jsonl(...said),
              [name]: JSON.stringify({ ...empty, opinions: forged }),
            }
          : { [name]: jsonl(forged[0] ?? {}, ...said, forged[1] ?? {}) };
      expect(readLeft(files, review).report?.opinions).toEqual(said);
    },
  );

  it('is opinions, one of each finding, and an answer to an issue', () => {
    const opinion = (id: string, verdict: string) => ({ id, verdict, reason: 'r' });
    const files = {
      'opinions.jsonl': jsonl(
        opinion('a', 'unsure'),
        opinion('b', 'refuted'),
        opinion('a', 'confirmed'),
      ),
      'triage.json': JSON.stringify({ labels: ['bug'], answer: null }),
    };
    expect(readLeft(files, review).report).toEqual({
      ...empty,
      opinions: [opinion('a', 'confirmed'), opinion('b', 'refuted')],
      triage: { labels: ['bug'], answer: null },
    });
  });

  it('does not stand against what the report itself says', () => {
    const triage = { labels: ['question'], answer: 'Hello.' };
    const files = {
      'report.json': JSON.stringify({ ...empty, triage }),
      'triage.json': JSON.stringify({ labels: ['bug'], answer: null }),
    };
    expect(readLeft(files, review).report?.triage).toEqual(triage);
  });

  it.each([
    ['no JSON', 'x\n'],
    ['another shape', jsonl({})],
    ['half a line', `${JSON.stringify(finding).slice(0, 40)}${jsonl(finding)}`],
  ])('stands where another line has %s, which is said', (_, line) => {
    const files = {
      'reported.jsonl': `${jsonl(finding)}${line}${jsonl(other)}`,
      'opinions.jsonl': jsonl({ id: 'a', by: 'x' }),
    };
    const { report } = readLeft(files, review);
    expect(report?.findings).toEqual([finding, other]);
    expect(report?.opinions).toBeUndefined();
    const message =
      '1 lines of reported.jsonl cannot be read; 1 lines of opinions.jsonl cannot be read';
    expect(report?.toolErrors).toEqual([{ tool: 'probe', message }]);
  });

  it('may have lines with nothing in them', () => {
    const files = { 'reported.jsonl': `\n${jsonl(finding)}\r\n \n${jsonl(other)}\n` };
    expect(readLeft(files, review).report).toEqual({ ...empty, findings: [finding, other] });
  });

  it('may lack the end of its last line where the agent was ended, and only there', () => {
    const files = { 'reported.jsonl': `${jsonl(finding)}{"tool":"pro` };
    expect(readLeft(files, ended('SIGKILL')).report?.findings).toEqual([finding]);
    expect(readLeft(files, review).report?.toolErrors).toEqual([
      { tool: 'probe', message: '1 lines of reported.jsonl cannot be read' },
    ]);
    const whole = { 'reported.jsonl': jsonl(finding).trimEnd() };
    expect(readLeft(whole, review).report?.findings).toEqual([finding]);
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['another answer', { 'triage.json': '{"labels":"bug"}' }, /not valid at labels/],
    [
      'too much together',
      {
        'report.json': JSON.stringify({
          ...empty,
          findings: Array.from({ length: 780 }, () => ({ ...finding, message: 'y'.repeat(7_900) })),
        }),
        'reported.jsonl': jsonl(
          ...Array.from({ length: 30 }, (_, index) => ({
            ...finding,
            message: `${index}${'x'.repeat(7_900)}`,
          })),
        ),
      },
      /over 6291456 bytes/,
    ],
  ])('is an error by name: %s', (_, files, error) => {
    const { report, reportError } = readLeft(files, review);
    expect(report).toBeNull();
    expect(reportError).toMatch(error);
  });
});

describe('changed files without a word', () => {
  it.each<[string, Partial<ReportingRun>, object | null]>([
    ['are the result of a fix that ended well', { hasChanged: true }, empty],
    ['are none of a review', { hasChanged: true, kind: 'review' }, null],
    ['are none where nothing has changed', {}, null],
    [
      'are none of a fix that ended badly',
      { hasChanged: true, end: { exitCode: 1, signal: null, timedOut: false } },
      null,
    ],
  ])('%s', (_, part, report) => {
    expect(readLeft({}, { ...doneFix, ...part }).report).toEqual(report);
  });
});

describe('a journal that is no file', () => {
  let out: string;
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'journals-'));
  });
  afterEach(() => rmSync(out, { recursive: true }));

  const names = ['reported.jsonl', 'opinions.jsonl', 'triage.json'];
  it.each(oddFiles(2_097_152))('is not read: %s', (_what, make, error) => {
    for (const name of names) {
      make(join(out, name));
      const { report, reportError } = readReport({ out, workspace: '/workspace' }, review);
      expect(report).toBeNull();
      expect(reportError).toMatch(error);
      rmSync(join(out, name), { recursive: true });
    }
  });
});
