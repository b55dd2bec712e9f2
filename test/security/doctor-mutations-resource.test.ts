import { testMutations } from '../support/sandbox/mutations/mutation.ts';
import { resourceMutations } from '../support/sandbox/mutations/resource-mutations.ts';

testMutations(resourceMutations);
