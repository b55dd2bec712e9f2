import { z } from 'zod';

/** The jobs of the contract. */
export const TestJob = z.strictObject({ name: z.string(), nested: z.array(z.int()) });
export type TestJob = z.infer<typeof TestJob>;

/** A job that matches. */
export const jobOf = (name: string): TestJob => ({ name, nested: [1, 2] });
