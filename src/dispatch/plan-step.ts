/** The step of a task under which its plan is kept. */
export const planStep = 'plan';
