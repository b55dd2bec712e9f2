import { brokerMutations } from '../support/sandbox/mutations/broker-mutations.ts';
import { testMutations } from '../support/sandbox/mutations/mutation.ts';

testMutations(brokerMutations);
