import { testMutations } from '../support/sandbox/mutations/mutation.ts';
import { networkMutations } from '../support/sandbox/mutations/network-mutations.ts';

testMutations(networkMutations);
