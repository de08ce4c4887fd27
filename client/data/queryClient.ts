/** Keeps answers for a moment; sends whoever is no longer signed in to the sign-in page and back. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { keys } from './keys.ts';
import { ApiProblem } from './problem.ts';

const retriesMax = 2;

export interface SignInEvents {
  /** The server says that nobody is signed in. */
  readonly signedOut: () => void;
  /** The server says that the screen is locked. */
  readonly locked: () => void;
}

export function makeQueryClient({ signedOut, locked }: SignInEvents): QueryClient {
  const watch = (error: unknown): void => {
    if (!(error instanceof ApiProblem) || error.status !== 401) return;
    if (error.code === 'session-locked') locked();
    // Whoever only has to prove afresh who they are is still signed in.
    else if (error.code !== 'fresh-sign-in-needed') signedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => (query.queryKey[0] === keys.session[0] ? undefined : watch(error)) }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      // Never held back: an order kept in the browser and sent when the network returns would act behind the person's back, and a
      // question that waits in silence would leave an old answer looking checked.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        staleTime: 2_000,
        // A refusal stays a refusal; only a lost answer or a server in trouble is worth asking again.
        retry: (times, error) => times < retriesMax && !(error instanceof ApiProblem && (error.status >= 400 && error.status < 500 || error.code === 'unreadable')),
      },
    },
  });
}
