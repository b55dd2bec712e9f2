import { describeFault, type Place, type PolicyFault } from '../../policy/fault.ts';
import { plainLine } from '../sanitise.ts';
import { pointAt } from '../source-excerpt.ts';

const maxMessageLength = 2_000;

/** Texts of policy files by the name that faults call them. */
export type PolicyTexts = ReadonlyMap<string, string>;

/**
 * A fault as compilers print one: `file:line:column: path: message`, its line with a caret under the place,
 * and, where a layer above says otherwise, the line of that layer. Ended by a line feed. What a file says
 * is hostile: no control character of it survives.
 */
export function policyFaultText(fault: PolicyFault, texts: PolicyTexts): string {
  const { at, above } = fault;
  const excerpts = [excerpt(at, texts), above === undefined ? '' : aboveText(above, texts)];
  return `${plainLine(describeFault(fault), maxMessageLength)}\n${excerpts.join('')}`;
}

function aboveText(above: Place, texts: PolicyTexts): string {
  const { layer, file, line, column } = above;
  const place = plainLine(`${file}:${line}:${column}`, maxMessageLength);
  return `  ${place}: the ${layer} says\n${excerpt(above, texts)}`;
}

/** Nothing where there is no such line, as in an empty file. */
function excerpt({ file, line, column }: Place, texts: PolicyTexts): string {
  const source = texts.get(file)?.split(/\r?\n/)[line - 1];
  if (source === undefined || source === '') return '';
  const { code, pointer } = pointAt(source, {
    startLine: line,
    endLine: line,
    startColumn: column,
  });
  const number = String(line).padStart(5);
  return `${number} | ${code}\n${' '.repeat(number.length)} | ${pointer}\n`;
}
