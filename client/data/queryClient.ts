/** Keeps answers for a moment; sends whoever is no longer signed in to the sign-in page and back. */
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { MutationCache } from '@tanstack/react-query';
import { keys } from './keys.ts';
import { ApiProblem } from './problem.ts';

const retriesMax = 2;

/** `signedOut` is called when the server says that nobody is signed in. */
export function makeQueryClient(signedOut: () => void): QueryClient {
  const watch = (error: unknown): void => {
    if (error instanceof ApiProblem && error.status === 401) signedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => (query.queryKey[0] === keys.session[0] ? undefined : watch(error)) }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        // A refusal stays a refusal; only a lost answer or a server in trouble is worth asking again.
        retry: (times, error) => times < retriesMax && !(error instanceof ApiProblem && (error.status >= 400 && error.status < 500 || error.code === 'unreadable')),
      },
    },
  });
}
