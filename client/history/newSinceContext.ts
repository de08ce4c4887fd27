/** What is new to this person in the plan on screen, for its parts. Outside the plan page nothing is. */
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { sectionById } from '../../shared/content/standard.ts';
import type { LetterSource } from '../collab/changedLetters.ts';
import type { FieldMark } from '../collab/changedMarks.ts';
import type { NewMarks, NewSince } from './newSince.ts';

export const NewSinceContext = createContext<NewSince | undefined>(undefined);

const never = (): (() => void) => () => undefined;
const none: NewMarks = { fields: new Map(), cut: false, failed: false };

export function useNewMarks(): NewMarks {
  const since = useContext(NewSinceContext);
  return useSyncExternalStore(since?.marks.listen ?? never, since?.marks.get ?? (() => none));
}

/** The mark of one field; undefined when nothing in it is new. */
export const useNewMark = (section: string, field: string): FieldMark | undefined => useNewMarks().fields.get(`${section}.${field}`);

/** The letters of one prose field for its editor; undefined where nothing is ever marked. */
export function useNewLetters(sectionId: string, field: string): LetterSource | undefined {
  const since = useContext(NewSinceContext);
  return useMemo(() => {
    const section = sectionById(sectionId);
    return since && section && { letters: () => since.lettersNow(section, field), listen: since.marks.listen };
  }, [since, sectionId, field]);
}
