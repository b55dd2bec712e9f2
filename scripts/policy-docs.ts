import { writeFileSync } from 'node:fs';
import { renderPolicyReference } from './policy/render-reference.ts';
import { renderPolicySchema } from './policy/render-schema.ts';

/** `npm run policy-docs`: writes what is published of the policy language. */
writeFileSync('policies/sallyport.schema.json', renderPolicySchema());
writeFileSync('docs/policy-reference.md', renderPolicyReference());
