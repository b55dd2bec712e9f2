import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderPolicyReference } from '../../../scripts/policy/render-reference.ts';
import { policySchema, renderPolicySchema } from '../../../scripts/policy/render-schema.ts';
import { readLayer } from '../../../src/policy/parsing/read-layer.ts';
import { operatorText } from './fixture.ts';

// What no JSON Schema can say (a known time zone, one id twice) is left to the parser.
const accepts = new Ajv({ strict: false, validateFormats: false }).compile(policySchema());

function isRead(content: string): boolean {
  return readLayer({ layer: 'repository', file: 'p.yml', content }).ok;
}

describe('what is published of the policy language', () => {
  it.each([
    ['policies/sallyport.schema.json', renderPolicySchema],
    ['docs/policy-reference.md', renderPolicyReference],
  ])('%s is up to date; npm run policy-docs writes it', (file, render) => {
    expect(readFileSync(file, 'utf8')).toBe(render());
  });

  it.each([
    [operatorText, true],
    ['version: 1', true],
    ['version: 1\nruntime: runsc', true],
    ['version: 1\nruntime: gvisor', false],
    ['version: 2', false],
    ['runtime: runc', false],
    ['version: 1\nlimtis: {}', false],
    ['version: 1\nlimits: { pids: 64, nothing: 1 }', false],
    ['version: 1\nlimits: { pids: 1 }', false],
    ['version: 1\nlimits: { pids: 64.5 }', false],
    ['version: 1\nlimits: { pids: many }', false],
    ['version: 1\nlimits:', false],
    ['version: 1\nlimits: { cpus: 0.5 }', true],
    ['version: 1\nlimits: { cpus: 0 }', false],
    ['version: 1\nrun: {}', false],
    ['version: 1\nrun: { author: true }', true],
    ['version: 1\nrun: { author: false }', false],
    ['version: 1\nrun: { permission: none }', false],
    ['version: 1\nrun: { teams: [security] }', false],
    ['version: 1\nrun: { users: ["octocat#583231"] }', true],
    ['version: 1\nimages: [latest]', false],
    ['version: 1\ntasks: { docs: { agent: claude-code } }', true],
    ['version: 1\ntasks: { approve: { agent: claude-code } }', false],
    ['version: 1\ntasks: { Docs: { agent: claude-code } }', false],
    ['version: 1\ntasks: { docs: { agnet: claude-code } }', false],
    ['version: 1\ntasks: { docs: { image: null } }', true],
    ['version: 1\ntasks: { docs: { instructions: ../x } }', false],
    ['version: 1\ninputs: { include: ["!a"] }', false],
    ['version: 1\ninputs: { include: [] }', false],
    ['version: 1\nquietHours: [{ days: [mon], from: "09:00", to: "24:00", timeZone: UTC }]', true],
    ['version: 1\nquietHours: [{ days: [mon], from: "9:00", to: "24:00", timeZone: UTC }]', false],
    ['version: 1\negress: { rules: [{ id: a, host: example.org, methods: [CONNECT] }] }', true],
    ['version: 1\negress: { rules: [{ id: a, host: example.org, method: [CONNECT] }] }', false],
    ['[]', false],
  ])('the schema and the parser agree on %j: %s', (text, isTaken) => {
    expect([accepts(parse(text)), isRead(text)]).toEqual([isTaken, isTaken]);
  });
});
