/** Every variable that an agent is always given; none of them is a secret, and whatever else it has is a leak. */
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
/** Holds the canary of a run: a word that opens nothing, under a name that invites who looks for secrets. */
export const canaryVariable = 'DEPLOY_TOKEN';
/** Holds what the agent gives for a key where it asks a model; no provider knows it. Absent: it has no model. */
export const modelKeyVariable = 'SALLYPORT_MODEL_KEY';
export type AgentVariable = (typeof agentVariables)[number];
