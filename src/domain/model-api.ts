import { z } from 'zod';

/** APIs that models are asked by. */
export const ModelApi = z.enum(['anthropic-messages', 'openai-responses', 'openai-chat']);
export type ModelApi = z.infer<typeof ModelApi>;
