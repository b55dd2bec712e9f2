import { objects, text } from './call.ts';
import type { JsonObject } from './json.ts';
import { Refusal, validationFailed } from './refusal.ts';

/** GitHub's documented limits that its OpenAPI states only in prose (annotations of `checks/create`). */
const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_TITLE_CHARACTERS = 255;

/** What a request says about the state of a run, after GitHub's rules. */
export interface CheckState {
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
}

/**
 * The state that a request asks for; undefined when it says nothing about it.
 * @throws Refusal 422 for `completed` without a conclusion, and for `stale`, which only GitHub sets
 */
export function requestedState(body: JsonObject): CheckState | undefined {
  const [status, conclusion] = [text(body, 'status'), text(body, 'conclusion')];
  if (conclusion === 'stale') throw invalid('conclusion', '`stale` can only be set by GitHub');
  // "Providing conclusion will automatically set the status parameter to completed."
  if (conclusion !== undefined) return { status: 'completed', conclusion };
  if (status === 'completed')
    throw invalid('conclusion', 'missing_field: conclusion is required with status completed');
  if (status === 'queued' || status === 'in_progress') return { status, conclusion: null };
  return undefined;
}

/** @throws Refusal 422 for what the prose of the API forbids and its schema lets through */
export function checkOutput(body: JsonObject): void {
  const output = body['output'];
  if (output === undefined) return;
  const values = output as JsonObject;
  if (text(values, 'title') === undefined)
    throw invalid('output.title', 'title is required with output');
  for (const annotation of objects(values, 'annotations')) checkAnnotation(annotation);
}

function checkAnnotation(annotation: JsonObject): void {
  const [start, end] = [Number(annotation['start_line']), Number(annotation['end_line'])];
  if (start < 1 || end < start)
    throw invalid('annotations', 'start_line must be at least 1 and at most end_line');
  const columns =
    annotation['start_column'] !== undefined || annotation['end_column'] !== undefined;
  if (columns && start !== end)
    throw invalid('annotations', 'columns need start_line and end_line to be equal');
  if ((text(annotation, 'title') ?? '').length > MAX_TITLE_CHARACTERS)
    throw invalid('annotations', 'title is too long');
  for (const name of ['message', 'raw_details']) {
    if (Buffer.byteLength(text(annotation, name) ?? '') > MAX_MESSAGE_BYTES)
      throw invalid('annotations', `${name} is too long`);
  }
  if (text(annotation, 'path') === '') throw invalid('annotations', 'path is empty');
}

function invalid(field: string, message: string): Refusal {
  return validationFailed('CheckRun', field, message);
}

/** 403 for a run that another App made. */
export function foreignRun(appId: number): Refusal {
  return new Refusal(403, {
    message: `Invalid app_id \`${appId}\` - check run can only be modified by the GitHub App that created it.`,
  });
}
