import { SallyportError } from '../../errors.ts';
import type {
  CheckAction,
  CheckAnnotation,
  CheckOutput,
  CheckState,
} from '../../ports/check-runs.ts';

/** Limits of the same operation; characters unless the name says bytes. */
const limits = { text: 65_535, title: 255, messageBytes: 65_536, actions: 3 };
const actionLimits = { label: 20, description: 40, identifier: 20 };

/** The request fields of a state: a conclusion forces `completed`, so both come together. */
export function stateFields(state: CheckState) {
  if (state.status === 'completed') {
    return { status: state.status, conclusion: state.conclusion } as const;
  }
  return { status: state.status } as const;
}

/**
 * The request's `output`. Texts are limited by whoever wrote them; here nothing is cut.
 * @throws SallyportError `github.rejected` for texts that GitHub would refuse
 */
export function outputFields(output: CheckOutput, annotations: readonly CheckAnnotation[] = []) {
  const { title, summary, text } = output;
  refuseIf(title === '' || title.length > limits.title, 'a check title has 1 to 255 characters');
  refuseIf(summary === '' || summary.length > limits.text, 'a check summary has 1 to 65,535');
  refuseIf(text !== undefined && text.length > limits.text, 'a check text has at most 65,535');
  return {
    title,
    summary,
    ...(text === undefined ? {} : { text }),
    ...(annotations.length === 0 ? {} : { annotations: annotations.map(annotationFields) }),
  };
}

/**
 * The request's `actions`.
 * @throws SallyportError `github.rejected` for more than 3, or for texts that are too long
 */
export function actionFields(actions: readonly CheckAction[]) {
  refuseIf(actions.length > limits.actions, 'a check has at most 3 actions');
  for (const action of actions) {
    refuseIf(action.label.length > actionLimits.label, 'an action label is too long');
    refuseIf(action.description.length > actionLimits.description, 'a description is too long');
    refuseIf(action.identifier.length > actionLimits.identifier, 'an identifier is too long');
  }
  return actions.map(({ label, description, identifier }) => ({ label, description, identifier }));
}

function annotationFields(annotation: CheckAnnotation) {
  const { path, startLine, endLine, startColumn, endColumn, level, title, message } = annotation;
  const isOnOneLine = startLine === endLine;
  const hasColumns = startColumn !== undefined || endColumn !== undefined;
  refuseIf(startLine < 1 || endLine < startLine, 'an annotation range is upside down');
  refuseIf(hasColumns && !isOnOneLine, 'an annotation has columns only on one line');
  refuseIf(title.length > limits.title, 'an annotation title is too long');
  refuseIf(message === '', 'an annotation message is empty');
  refuseIf(Buffer.byteLength(message) > limits.messageBytes, 'an annotation message is too long');
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    ...(startColumn === undefined ? {} : { start_column: startColumn }),
    ...(endColumn === undefined ? {} : { end_column: endColumn }),
    annotation_level: level,
    ...(title === '' ? {} : { title }),
    message,
  };
}

function refuseIf(condition: boolean, why: string): void {
  if (condition) throw new SallyportError('github.rejected', why);
}
