/** Starts the screen. */
import './noCodeFromText.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { watchForPerson } from '../data/byPerson.ts';
import { makeQueryClient } from '../data/queryClient.ts';
import { followMark } from '../offline/mark.ts';
import { keys } from '../data/keys.ts';
import '../styles/main.scss';
import { App } from './App.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

// The pages themselves lead to signing in, unless words would be lost with them.
const queryClient = makeQueryClient({
  signedOut: () => void queryClient.setQueryData(keys.session, null),
  locked: () => void queryClient.invalidateQueries({ queryKey: keys.session, exact: true }),
});
watchForPerson(window);

followMark();
createRoot(root).render(
  <QueryClientProvider client={queryClient}>
    <App />
  </QueryClientProvider>,
);
