import { RuntimeGuard } from '../../../src/doctor/runtime-guard.ts';

// Loaded into an App before its own code. An image that takes the name of a proven one is proven anew, and one with a
// hostile supervisor fails that: to see what becomes of a supervisor that turns hostile later, its proof is skipped.
RuntimeGuard.prototype.isProvenAs = function isProvenAs(what) {
  return this.isProven(what);
};
