import { z } from 'zod';
import { CredentialName } from '../domain/credential-word.ts';
import { HostName } from '../domain/host-name.ts';
import { PathPattern } from './path-pattern.ts';

/** Names a rule or a route in the ledger. */
export const RuleId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

const Port = z.int().min(1).max(65_535);

/** A host, or `*.` and a domain: every name below it, the domain itself not. */
const RuleHost = z
  .string()
  .refine(isRuleHost, 'must be a host name, or *. and a domain of two labels');

function isRuleHost(text: string): boolean {
  return HostName.safeParse(text.startsWith('*.') ? text.slice(2) : text).success;
}

/** Which secret to inject, by its name in the operator's configuration, and where. */
export const Credential = z.strictObject({
  name: CredentialName,
  header: z.enum(['x-api-key', 'authorization-bearer']),
});
export type Credential = z.infer<typeof Credential>;

const AwsWord = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .max(40);

/** Which AWS key to sign with (Signature Version 4), and for whom; the key itself never goes out. */
export const SigningCredential = z.strictObject({
  name: CredentialName,
  header: z.literal('authorization-sigv4'),
  /** As `us-east-1`. */
  region: AwsWord,
  /** As `bedrock-mantle` for Bedrock's Messages endpoint, `bedrock` for `bedrock-runtime`. */
  service: AwsWord,
});
export type SigningCredential = z.infer<typeof SigningCredential>;

/** Requests that the broker reads: plain HTTP from the sandbox; with `tls`, HTTPS from the broker on. */
export const RequestRule = z
  .strictObject({
    id: RuleId,
    host: RuleHost,
    port: Port.default(80),
    /** Speak HTTPS to the host. The sandbox asks for `http://host/` or names the port. */
    tls: z.boolean().default(false),
    methods: z.array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])).min(1),
    paths: z.array(PathPattern).min(1),
    /** Take `%2F` for a `/` when matching, as in npm's scoped names. Otherwise it is refused. */
    encodedSlash: z.boolean().default(false),
    /** Bytes both ways for the whole task; above, the rule denies. */
    maxBytes: z.int().min(1).optional(),
    credential: Credential.optional(),
  })
  .refine((rule) => rule.credential === undefined || rule.tls, 'a credential needs tls: true');
export type RequestRule = z.infer<typeof RequestRule>;

/** TLS from end to end: the broker sees the host and nothing else, so there is nothing else to say. */
export const TunnelRule = z.strictObject({
  id: RuleId,
  host: RuleHost,
  port: Port.default(443),
  methods: z.tuple([z.literal('CONNECT')]),
  maxBytes: z.int().min(1).optional(),
});
export type TunnelRule = z.infer<typeof TunnelRule>;

/** One thing that a task may reach. First match wins; what no rule takes is denied. */
export const EgressRule = z.union([RequestRule, TunnelRule]);
export type EgressRule = z.infer<typeof EgressRule>;
