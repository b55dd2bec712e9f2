import type { ModelRoute } from '../policy/model-route.ts';
import type { BrokerContext } from './broker-context.ts';
import { EgressEnded } from './egress-ended.ts';
import { injectCredential, secretOf, type WithSecret } from './inject-credential.ts';
import { withoutCredentials } from './request-headers.ts';
import { readAwsKey, signRequest, type WholeRequest } from './sign-request.ts';

/**
 * The headers of a request to a model with the operator's credential in them: a key as it is, or a signature over
 * the request. To be asked anew for each try: a signature ages, and a key may have been changed.
 * @throws EgressEnded `credential-missing`, `credential-failed`
 */
export async function authorizeCall(
  context: BrokerContext,
  request: WholeRequest,
  credential: ModelRoute['credential'],
): Promise<WithSecret> {
  if (credential?.header !== 'authorization-sigv4')
    return injectCredential(context, request.headers, credential);
  const key = readAwsKey(await secretOf(context, credential.name));
  if (key === undefined) throw new EgressEnded('credential-missing');
  const headers = withoutCredentials(request.headers);
  const nowMs = context.clock.nowMs();
  const signature = await signRequest({ ...request, headers }, { key, credential, nowMs });
  const { SessionToken: secret } = key;
  return { headers: { ...headers, ...signature }, ...(secret === undefined ? {} : { secret }) };
}
