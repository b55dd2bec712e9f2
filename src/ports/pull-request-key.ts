/** A pull request, by the number of its repository and its own. */
export interface PullRequestKey {
  readonly repositoryId: number;
  readonly number: number;
}
