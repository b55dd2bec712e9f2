import { escapeMutations } from '../support/sandbox/mutations/escape-mutations.ts';
import { testMutations } from '../support/sandbox/mutations/mutation.ts';

testMutations(escapeMutations);
