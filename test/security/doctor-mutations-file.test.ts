import { fileMutations } from '../support/sandbox/mutations/file-mutations.ts';
import { testMutations } from '../support/sandbox/mutations/mutation.ts';

testMutations(fileMutations);
