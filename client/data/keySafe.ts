/** Asking for the code of a key-safe: recorded each time, and kept nowhere on this screen but where it is shown. */
import { useMutation } from '@tanstack/react-query';
import { createContext } from 'react';
import { keySafeCode } from '../../shared/wire/plans.ts';
import { apiSend } from './api.ts';

/** The plan whose sealed codes are on this part of the screen. */
export const SealedPlanContext = createContext<string | undefined>(undefined);

export const useRevealKeySafe = (planId: string) =>
  useMutation({ mutationFn: () => apiSend('POST', `/api/plans/${encodeURIComponent(planId)}/key-safe/reveal`, undefined, keySafeCode), gcTime: 0 });
