import type { Confidence, Severity } from '../../../../src/domain/finding.ts';
import type { Component, Message, Result, Rule, Run } from './sarif-log.ts';

const severities = { none: 'info', note: 'info', warning: 'warning', error: 'error' } as const;
const confidences: Readonly<Record<string, Confidence>> = {
  'very-high': 'high',
  high: 'high',
  medium: 'medium',
  low: 'low',
};

/** What a run's tool says of its rules. */
export class SarifRules {
  readonly #driver: Component;
  readonly #extensions: readonly Component[];
  readonly #byId = new Map<string, Rule>();

  constructor({ tool }: Run) {
    this.#driver = tool.driver;
    this.#extensions = tool.extensions ?? [];
    for (const component of [this.#driver, ...this.#extensions])
      for (const rule of component.rules ?? [])
        if (!this.#byId.has(rule.id)) this.#byId.set(rule.id, rule);
  }

  /** The rule of a result: by its index in the component that it names, else by its id (SARIF 3.52.3). */
  ruleOf(result: Result): Rule | undefined {
    const index = result.rule?.index ?? result.ruleIndex ?? -1;
    const component = this.#extensions[result.rule?.toolComponent?.index ?? -1] ?? this.#driver;
    const id = result.ruleId ?? result.rule?.id ?? '';
    // An id may have further parts than its rule's: `CA1000/1`.
    return (
      component.rules?.[index] ??
      this.#byId.get(id) ??
      this.#byId.get(id.slice(0, Math.max(0, id.lastIndexOf('/'))))
    );
  }

  /** A message's text with its arguments in place (SARIF 3.11.7). */
  textOf({ text, id, arguments: values }: Message, rule?: Rule): string | undefined {
    const known = { ...this.#driver.globalMessageStrings, ...rule?.messageStrings };
    const found = text ?? (id && Object.hasOwn(known, id) ? known[id]?.text : undefined);
    if (!found || !values) return found ?? undefined;
    return found.replace(/\{\{|\}\}|\{(\d{1,3})\}/g, (match, index: string | undefined) =>
      index === undefined ? match.charAt(0) : (values[Number(index)] ?? match),
    );
  }
}

/** SARIF 3.27.10: the result's level, else its rule's, else `warning`; what did not fail is for information. */
export function severityOf({ level, kind }: Result, rule: Rule | undefined): Severity {
  if (kind && kind !== 'fail') return 'info';
  return severities[level ?? rule?.defaultConfiguration?.level ?? 'warning'];
}

/** Tools say it in properties of their own; GitHub's name for a rule's is `precision`. */
export function confidenceOf(
  { properties }: Result,
  rule: Rule | undefined,
): Confidence | undefined {
  const words = [properties?.confidence, properties?.issue_confidence, rule?.properties?.precision];
  const word = words.find((one) => typeof one === 'string')?.toLowerCase() ?? '';
  return Object.hasOwn(confidences, word) ? confidences[word] : undefined;
}
