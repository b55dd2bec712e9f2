/** Every variable that an agent is given; none of them is a secret, and whatever else it has is a leak. */
export const agentVariables = [
  'HOME',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'LANG',
  'NO_PROXY',
  'PATH',
  'PYTHONDONTWRITEBYTECODE',
  'SOURCE_DATE_EPOCH',
  'TZ',
  'http_proxy',
  'https_proxy',
  'no_proxy',
] as const;
export type AgentVariable = (typeof agentVariables)[number];
