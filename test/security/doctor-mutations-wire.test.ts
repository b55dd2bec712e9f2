import { testMutations } from '../support/sandbox/mutations/mutation.ts';
import { wireMutations } from '../support/sandbox/mutations/wire-mutations.ts';

testMutations(wireMutations);
