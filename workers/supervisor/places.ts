/** The folders of a sandbox; tests give others. */
export type Places = {
  readonly workspace: string;
  readonly task: string;
  readonly base: string;
  readonly out: string;
};
