/** Starts the screen. */
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { navigate } from 'wouter/use-browser-location';
import { makeQueryClient } from '../data/queryClient.ts';
import { keys } from '../data/keys.ts';
import { signInAddress } from '../identity/back.ts';
import '../styles/main.scss';
import { App } from './App.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const queryClient = makeQueryClient(() => {
  queryClient.setQueryData(keys.session, null);
  if (location.pathname !== '/sign-in') navigate(signInAddress(location.pathname + location.search + location.hash));
});

createRoot(root).render(
  <QueryClientProvider client={queryClient}>
    <App />
  </QueryClientProvider>,
);
