import type { EgressRule, RequestRule, TunnelRule } from '../policy/egress-rule.ts';
import { matchesPath } from '../policy/path-pattern.ts';

/** What the sandbox asks for, in its one spelling. */
export interface RequestTarget {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  /** Null for CONNECT. */
  readonly path: { readonly match: string; readonly hasEncodedSlash: boolean } | null;
}

/** Why no rule takes a request: how far the nearest one came. */
export type MatchFault = 'no-rule' | 'no-rule-for-port' | 'no-rule-for-method' | 'no-rule-for-path';

/** The first rule that takes a request, or why there is none. */
export type RuleMatch<Rule extends EgressRule> =
  | { readonly ok: true; readonly rule: Rule }
  | { readonly ok: false; readonly reason: MatchFault };

/** The rule for a CONNECT. */
export function matchTunnel(
  rules: readonly EgressRule[],
  target: RequestTarget,
): RuleMatch<TunnelRule> {
  const named = rules.filter(isTunnelRule).filter((rule) => takesHost(rule.host, target.host));
  const rule = named.find(({ port }) => port === target.port);
  if (rule !== undefined) return { ok: true, rule };
  return { ok: false, reason: named.length > 0 ? 'no-rule-for-port' : 'no-rule' };
}

/** The rule for a request in plain HTTP. */
export function matchRequest(
  rules: readonly EgressRule[],
  target: RequestTarget,
): RuleMatch<RequestRule> {
  const named = rules.filter(isRequestRule).filter((rule) => takesHost(rule.host, target.host));
  const onPort = named.filter((rule) => takesPort(rule, target.port));
  const byMethod = onPort.filter(({ methods }) => methods.some((name) => name === target.method));
  const rule = byMethod.find((candidate) => takesPath(candidate, target.path));
  if (rule !== undefined) return { ok: true, rule };
  const reason =
    named.length === 0
      ? 'no-rule'
      : onPort.length === 0
        ? 'no-rule-for-port'
        : byMethod.length === 0
          ? 'no-rule-for-method'
          : 'no-rule-for-path';
  return { ok: false, reason };
}

function isTunnelRule(rule: EgressRule): rule is TunnelRule {
  return !isRequestRule(rule);
}

function isRequestRule(rule: EgressRule): rule is RequestRule {
  return 'paths' in rule;
}

function takesHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

/** Where the broker adds TLS, `http://host/` names port 80 and means the rule's. */
function takesPort(rule: RequestRule, port: number): boolean {
  return port === rule.port || (rule.tls && port === 80);
}

function takesPath(rule: RequestRule, path: RequestTarget['path']): boolean {
  if (path === null || (path.hasEncodedSlash && !rule.encodedSlash)) return false;
  return rule.paths.some((pattern) => matchesPath(pattern, path.match));
}
