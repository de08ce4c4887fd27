/** What the screen of one open plan shares among its parts: which field is open, what was typed and not recorded, where to go. */
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { useSubject } from '../collab/hooks.ts';
import type { Subject } from '../collab/subject.ts';
import { sectionOfField } from '../../shared/content/standard.ts';
import type { Section } from '../../shared/content/kinds.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import type { Session } from '../data/session.ts';
import type { LiveSummary, PlanSummary } from './liveSummary.ts';

/** Chosen or typed in a field and not recorded: a value the field does not accept, or one that waits for "Record". */
export interface Draft {
  readonly value: unknown;
  readonly why: string;
}

export interface Workspace {
  readonly view: PlanView;
  readonly me: Session['person'];
  readonly demo: boolean;
  /** Sections this person may read, in reading order. */
  readonly sections: readonly Section[];
  readonly summary: LiveSummary;
  /** `section.field` of the one field that is being edited. */
  readonly open: Subject<string | undefined>;
  readonly drafts: Subject<ReadonlyMap<string, Draft>>;
  /** A field somebody asked to see; the section that holds it shows it, then it is found on the page. */
  readonly wanted: Subject<string | undefined>;
  readonly inMeeting: boolean;
}

export const WorkspaceContext = createContext<Workspace | undefined>(undefined);

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (workspace === undefined) throw new Error('No plan is open around this component.');
  return workspace;
}

export const fieldKey = (section: string, field: string): string => `${section}.${field}`;
/** The element that shows the field; also what a link to it ends with. */
export const fieldElementId = fieldKey;

export function useIsOpen(key: string): boolean {
  const { open } = useWorkspace();
  return useSyncExternalStore(open.listen, () => open.value === key);
}

export function useDraftOf(key: string): Draft | undefined {
  const { drafts } = useWorkspace();
  return useSyncExternalStore(drafts.listen, () => drafts.value.get(key));
}

/** One yes or no out of the summary; draws again only when it turns. */
export function useSummaryHas(which: 'missing' | 'needed' | 'blank' | 'disputed', field: string): boolean {
  const { summary } = useWorkspace();
  return useSyncExternalStore(summary.subject.listen, () => summary.subject.value[which].has(field));
}
export const useSummary = (): PlanSummary => useSubject(useWorkspace().summary.subject);

export function keepDraft(workspace: Workspace, key: string, draft: Draft | undefined): void {
  const drafts = new Map(workspace.drafts.value);
  if (draft === undefined) drafts.delete(key);
  else drafts.set(key, draft);
  workspace.drafts.set(drafts);
}

/** Goes to a field by its id: makes sure that it is shown, scrolls to it and gives it focus. */
export function useGoTo(): (fieldId: string) => void {
  const { wanted } = useWorkspace();
  return useCallback((fieldId: string) => {
    const section = sectionOfField(fieldId);
    if (section === undefined) return;
    wanted.set(undefined);
    wanted.set(fieldKey(section.id, fieldId));
  }, [wanted]);
}
