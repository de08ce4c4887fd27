/** Meetings for the screen: what HTTP answers, and the live line to one meeting. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { io } from 'socket.io-client';
import { invitable, meetingList, meetingState, minutes, type NewMeeting } from '../../shared/wire/meetings.ts';
import { useOwner } from '../app/owner.ts';
import { browserSurroundings } from '../collab/surroundings.ts';
import { apiGet, apiSend } from '../data/api.ts';
import { keys } from '../data/keys.ts';
import { useSession } from '../data/session.ts';
import { isEditor, openFollowing, type Following } from './following.ts';
import { openMeetingLink, type MeetingLink, type MeetingView } from './meetingLink.ts';

const at = (meetingId: string): string => `/api/meetings/${encodeURIComponent(meetingId)}`;

export const useMeetings = () => useQuery({ queryKey: keys.meetings, queryFn: ({ signal }) => apiGet('/api/meetings', meetingList, signal), refetchInterval: 30_000 });

export const useMeetingOnce = (meetingId: string) =>
  useQuery({ queryKey: keys.meeting(meetingId), queryFn: ({ signal }) => apiGet(at(meetingId), meetingState, signal), staleTime: 0 });

export const useMinutes = (meetingId: string) =>
  useQuery({ queryKey: keys.minutes(meetingId), queryFn: ({ signal }) => apiGet(`${at(meetingId)}/minutes`, minutes, signal), staleTime: 0 });

export const useInvitable = () => useQuery({ queryKey: [...keys.meetings, 'people'], queryFn: ({ signal }) => apiGet('/api/meetings/people', invitable, signal), staleTime: 60_000 });

export function useCreateMeeting() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ order, once }: { readonly order: NewMeeting; readonly once: string }) => apiSend('POST', '/api/meetings', order, meetingState, once),
    onSuccess: async () => client.invalidateQueries({ queryKey: keys.meetings }),
  });
}

export interface Presence {
  readonly link: MeetingLink;
  readonly following: Following;
}

/** The element inside which typing holds the screen back. */
export const planPlace = 'meeting-middle';
const inPlanEditor = (): boolean => isEditor(document.activeElement) && document.activeElement?.closest(`.${planPlace}`) !== null;

/** Joins while `wanted`; leaves when the page goes away. */
export function useMeetingLink(meetingId: string, wanted: boolean): Presence | undefined {
  const [presence, setPresence] = useState<Presence>();
  const client = useQueryClient();
  const person = useOwner()?.person.id;
  const now = useSession();
  useEffect(() => {
    if (!wanted || person === undefined) return undefined;
    const socket = io('/meetings', {
      // Named, so that nobody takes part under another name should the browser's session have become another person's.
      auth: { person },
      path: '/socket.io', transports: ['websocket'], autoConnect: false, forceNew: true, reconnectionDelay: 300, reconnectionDelayMax: 3_000, timeout: 5_000,
    });
    const link = openMeetingLink({ meetingId, socket, around: browserSurroundings });
    // Before anything on screen listens: it has to decide while the patient before is still shown.
    const following = openFollowing({ link, inPlanEditor });
    setPresence({ link, following });
    const stopHearing = link.subscribe(() => {
      if (link.view().refusal?.code === 'not-signed-in') void client.invalidateQueries({ queryKey: keys.session, exact: true });
    });
    return () => {
      stopHearing();
      setPresence(undefined);
      following.close();
      link.close();
    };
  }, [meetingId, wanted, person, client]);
  useEffect(() => {
    if (person !== undefined && now.dataUpdatedAt > 0 && now.data?.person.id === person) presence?.link.signedInAgain();
  }, [presence, person, now.data, now.dataUpdatedAt]);
  return presence;
}

const nobody = (): (() => void) => () => undefined;
/** What the line says now. */
export const useMeetingView = (link: MeetingLink | undefined): MeetingView | undefined =>
  useSyncExternalStore(link?.subscribe ?? nobody, () => link?.view());
