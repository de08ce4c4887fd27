/** The live plan for React: each hook listens to one thing, so that a key pressed in one field draws only that field again. */
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { withNotice, type ActivityLine } from './activity.ts';
import type { KeptText } from './keptText.ts';
import type { PlanConnection } from './planConnection.ts';
import type { Present } from './presence.ts';
import type { SaveStatus } from './saveStatus.ts';
import type { Subject } from './subject.ts';

export const ConnectionContext = createContext<PlanConnection | undefined>(undefined);

/** The connection of the plan on this screen. Only inside a plan. */
export function useConnection(): PlanConnection {
  const connection = useContext(ConnectionContext);
  if (connection === undefined) throw new Error('No plan is open around this component.');
  return connection;
}

export const useSubject = <T>(subject: Subject<T>): T => useSyncExternalStore(subject.listen, subject.get);

/** The value as stored; undefined if not recorded. */
export function useFieldValue(section: string, field: string): unknown {
  const connection = useConnection();
  const listen = useCallback((heard: () => void) => connection.onValue(section, field, heard), [connection, section, field]);
  return useSyncExternalStore(listen, () => connection.value(section, field));
}

/** Why the value that stands was chosen over others, or corrected; undefined where nobody had to say. */
export function useSettledBecause(section: string, field: string): string | undefined {
  const connection = useConnection();
  const listen = useCallback((heard: () => void) => connection.onValue(section, field, heard), [connection, section, field]);
  const read = (): string | undefined => connection.settledBecause(section, field);
  return useSyncExternalStore(listen, read, read);
}

export const useSaveStatus = (): SaveStatus => useSubject(useConnection().status);
/** True once the connection has ended for good. */
export function useStopped(): boolean {
  const { status } = useConnection();
  return useSyncExternalStore(status.listen, () => status.value.kind === 'stopped');
}
export const useKeptTexts = (): readonly KeptText[] => useSubject(useConnection().kept);
/** True while this device has what the server has. */
export const useLive = (): boolean => useSubject(useConnection().live);
/** Everybody else who has the plan open. */
export const usePresence = (): readonly Present[] => useSubject(useConnection().people);

/** Those who stand in the field, drawn again only when that changes. */
export function usePeopleIn(section: string, field: string): readonly Present[] {
  const connection = useConnection();
  const picked = useSyncExternalStore(connection.people.listen, () =>
    connection.people.value.filter((one) => one.places.some((place) => place.section === section && place.field === field)).map((one) => `${one.id}:${writing(one, section, field)}`).join(' '));
  return picked === '' ? [] : connection.people.value.filter((one) => picked.split(' ').some((key) => key.startsWith(`${one.id}:`)));
}
const writing = (one: Present, section: string, field: string): boolean => one.places.some((place) => place.section === section && place.field === field && place.writing);

/** True once the section has been read completely. */
export function useLoaded(section: string): boolean {
  const connection = useConnection();
  return useSyncExternalStore(connection.loaded.listen, () => connection.loaded.value.has(section));
}

/** What others did, newest first, from now on. */
export function useActivity(ownId: string): readonly ActivityLine[] {
  const { notices } = useConnection();
  const [lines, setLines] = useState<readonly ActivityLine[]>([]);
  useEffect(() => notices.listen(() => {
    const notice = notices.value;
    if (notice === undefined || (notice.kind === 'changed' && notice.by.id === ownId)) return;
    setLines((before) => withNotice(before, notice));
  }), [notices, ownId]);
  return lines;
}
