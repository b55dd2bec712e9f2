import { FakeGitHub } from '../support/fakes/fake-github.ts';
import { headSha, number, repository } from '../support/fakes/world.ts';
import { describeThreadsContract } from './threads-contract.ts';

const accountIds = { mona: 5, lee: 6 } as const;

describeThreadsContract('the fake', async () => {
  const github = new FakeGitHub();
  const { reviewThreads } = github;
  github.anchors = new Map([['src/a.js', [{ newStart: 7, newLines: 7 }]]]);
  const account = (login: 'mona' | 'lee') => ({ id: accountIds[login], login });
  return {
    github,
    repository,
    number,
    headSha,
    idOf: (login) => accountIds[login],
    people: {
      resolve: (id, login) => reviewThreads.resolveBy(id, account(login)),
      unresolve: (id) => reviewThreads.unresolveBy(id),
      answer: async (id) => reviewThreads.answer(id),
      dislike: (id, login) => reviewThreads.dislike(id, account(login)),
      delete: (id) => reviewThreads.delete(id),
      push: async (id) => reviewThreads.outdate(id),
      forbidContents: async () => {
        reviewThreads.mayResolve = false;
      },
    },
    expectUnprocessable: () => undefined,
    close: () => Promise.resolve(),
  };
});
