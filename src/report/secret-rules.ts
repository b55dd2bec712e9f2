/** One well-known shape of a secret. */
export interface SecretRule {
  /** Stands in the ledger as it is. */
  readonly id: string;
  /** Bounded everywhere: a million hostile characters must cost no more than a million honest ones. */
  readonly pattern: RegExp;
}

/**
 * Shapes by their issuers' own documents, as the public rule sets (gitleaks, GitHub secret scanning) have
 * them. Only shapes with a prefix of their own: a guess by randomness would call every lockfile a leak.
 */
export const secretRules: readonly SecretRule[] = [
  { id: 'github-token', pattern: /\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36,255}\b/g },
  // Since 2026-04-27 installation tokens are `ghs_<app id>_<JWT>`.
  {
    id: 'github-installation-token',
    pattern: /\bghs_\d{1,12}_[\w-]{10,500}\.[\w-]{10,2000}\.[\w-]{10,1000}/g,
  },
  { id: 'github-fine-grained-token', pattern: /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/g },
  { id: 'aws-access-key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  { id: 'gcp-api-key', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { id: 'gcp-oauth-secret', pattern: /\bGOCSPX-[\w-]{28}(?![\w-])/g },
  { id: 'slack-token', pattern: /\bxox[abeoprs]-(?:\d{8,13}-){1,3}[A-Za-z0-9-]{15,200}/g },
  { id: 'slack-app-token', pattern: /\bxapp-\d-[A-Z0-9]{8,15}-\d{10,15}-[a-f0-9]{30,128}\b/g },
  {
    id: 'slack-webhook',
    pattern: /\bhooks\.slack\.com\/(?:services|workflows)\/T\w{6,12}\/\w{8,12}\/\w{20,30}/g,
  },
  { id: 'stripe-key', pattern: /\b(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{24,99}\b/g },
  { id: 'stripe-webhook-secret', pattern: /\bwhsec_[A-Za-z0-9]{32,64}\b/g },
  { id: 'npm-token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { id: 'pypi-token', pattern: /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,200}/g },
  { id: 'anthropic-key', pattern: /\bsk-ant-[a-z]{3,8}\d\d-[\w-]{80,120}/g },
  {
    id: 'openai-key',
    pattern:
      /\bsk-(?:(?:proj|svcacct|admin)-[\w-]{20,100})?[A-Za-z0-9]{0,100}T3BlbkFJ[\w-]{20,100}/g,
  },
  { id: 'jwt', pattern: /\beyJ[\w-]{14,500}\.eyJ[\w-]{14,2000}\.[\w-]{20,1000}/g },
  { id: 'private-key', pattern: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g },
];

/** Examples that the issuers themselves print in their documents. */
export const documentedExamples: readonly string[] = [
  'AKIAIOSFODNN7EXAMPLE',
  'AKIAI44QH8DHBEXAMPLE',
  'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
  'sk_test_BQokikJOvBiI2HlWgH4olfQ2',
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
];
