import { z } from 'zod';

/** An agent's folder in the worker image. `containment` attacks its sandbox for `sallyport doctor` alone. */
export const AgentName = z
  .string()
  .regex(
    /^(?!containment$)[a-z][a-z0-9-]{0,31}$/,
    'must be an agent as the worker image names it, at most 32 letters, and not containment',
  );
