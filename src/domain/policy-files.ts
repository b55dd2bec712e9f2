import { RepoPath } from './repo-path.ts';

/** Where a repository keeps its layer of the policy. */
export const repositoryPolicyFile = RepoPath.parse('.github/sallyport.yml');

/** The repository in which GitHub keeps what holds for all of an owner's, and the owner's layer in it. */
export const ownersRepository = '.github';
export const ownersPolicyFile = RepoPath.parse('sallyport.yml');
