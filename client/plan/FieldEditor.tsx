/**
 * Editing one answer where it stands. Ordinary answers are written while they are given; answers that could hurt somebody wait for
 * "Record". What others write meanwhile is shown beside, never put under the cursor; what was typed and not written is kept.
 */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Field, FieldKind } from '../../shared/content/kinds.ts';
import { mayBeNotDiscussed } from '../../shared/content/checkValue.ts';
import { isBlank, isNotDiscussed } from '../../shared/content/values.ts';
import { showValue } from '../../shared/content/show.ts';
import { useConnection } from '../collab/hooks.ts';
import { sameValue, writeField } from '../collab/writing.ts';
import { Button } from '../ui/Button.tsx';
import { NotDiscussedForm } from './NotDiscussedForm.tsx';
import { ValueInput, type Change } from './ValueInput.tsx';
import { fieldKey, keepDraft, useWorkspace } from './workspaceState.ts';

/** A pause in typing after which others see what was typed, in milliseconds. */
const pauseMs = 600;

export type PlainField = Field & { readonly of: Exclude<FieldKind, { kind: 'prose' | 'rows' }> };
export const isPlain = (field: Field): field is PlainField => field.of.kind !== 'prose' && field.of.kind !== 'rows';

/** Must the person say "Record"? Keys that move through answers must not decide about resuscitation on the way; a person is written whole. */
const isHeld = (field: PlainField): boolean => field.of.kind === 'person' || (field.merge === 'X' && field.of.kind !== 'text');

const answerOf = (value: unknown): unknown => (isNotDiscussed(value) ? undefined : value);

export function FieldEditor({ section, field, stored, onDone }: {
  readonly section: string; readonly field: PlainField; readonly stored: unknown;
  /** The person has finished. */
  readonly onDone: () => void;
}): ReactNode {
  const connection = useConnection();
  const workspace = useWorkspace();
  const key = fieldKey(section, field.id);
  const held = isHeld(field);
  const [draft, setDraft] = useState<unknown>(() => (workspace.drafts.value.has(key) ? workspace.drafts.value.get(key)?.value : answerOf(stored)));
  const [problem, setProblem] = useState<string>();
  /** The value the draft began from, or was last written as. */
  const base = useRef(stored);
  const [theirs, setTheirs] = useState<{ readonly value: unknown } | undefined>();
  /** What this person had written here and somebody else's answer, given in the same moment, has replaced. */
  const [replaced, setReplaced] = useState<{ readonly value: unknown } | undefined>();
  const written = useRef<{ readonly value: unknown } | undefined>(undefined);
  const [notDiscussed, setNotDiscussed] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef<Change>({ value: draft, settled: true });
  const box = useRef<HTMLDivElement>(null);
  const dirty = !sameValue(answerOf(base.current), latest.current.value) || latest.current.problem !== undefined;

  useEffect(() => {
    if (sameValue(stored, base.current)) return;
    const untouched = sameValue(latest.current.value, answerOf(base.current)) && latest.current.problem === undefined;
    base.current = stored;
    if (untouched || sameValue(answerOf(stored), latest.current.value)) {
      if (written.current !== undefined && !sameValue(written.current.value, answerOf(stored))) setReplaced(written.current);
      latest.current = { value: answerOf(stored), settled: true };
      setDraft(answerOf(stored));
      setTheirs(undefined);
      return;
    }
    clearTimeout(timer.current);
    setTheirs({ value: stored });
  }, [stored]);

  /** Writes what stands in the inputs. Answers whether it was taken. */
  const write = (): boolean => {
    clearTimeout(timer.current);
    const why = latest.current.problem ?? writeField(connection, section, field, latest.current.value);
    setProblem(why);
    if (why !== undefined) return false;
    base.current = connection.value(section, field.id);
    written.current = { value: latest.current.value };
    setTheirs(undefined);
    keepDraft(workspace, key, undefined);
    return true;
  };
  const change = (next: Change): void => {
    latest.current = next;
    setDraft(next.value);
    setProblem(undefined);
    setReplaced(undefined);
    clearTimeout(timer.current);
    if (held || next.problem !== undefined) return;
    // A contradiction on a value that could hurt somebody waits for a choice; elsewhere the last one counts.
    if (theirs !== undefined && field.merge === 'X') return;
    if (next.settled) write();
    else timer.current = setTimeout(write, pauseMs);
  };
  const takeTheirs = (): void => {
    latest.current = { value: answerOf(stored), settled: true };
    setDraft(answerOf(stored));
    setTheirs(undefined);
    setProblem(undefined);
  };
  const done = (): void => {
    if (!dirty || write()) onDone();
  };
  const cancel = (): void => {
    clearTimeout(timer.current);
    latest.current = { value: answerOf(stored), settled: true };
    keepDraft(workspace, key, undefined);
    onDone();
  };

  const leaving = useRef<() => void>(() => undefined);
  leaving.current = () => {
    clearTimeout(timer.current);
    const { value, problem: unread } = latest.current;
    if (sameValue(answerOf(base.current), value) && unread === undefined) return;
    const why = held ? 'Not recorded yet.' : theirs !== undefined && field.merge === 'X' ? 'Somebody else wrote something different.' : unread ?? writeField(connection, section, field, value);
    if (why !== undefined) keepDraft(workspace, key, { value, why });
  };
  // Another field was opened, or the page was left: nothing that was typed is dropped.
  useEffect(() => () => leaving.current(), []);
  useEffect(() => {
    const inputs = [...(box.current?.querySelectorAll<HTMLElement>('input, textarea, select') ?? [])];
    (inputs.find((input) => input instanceof HTMLInputElement && input.checked) ?? inputs[0])?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      cancel();
    }
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.type === 'text') {
      event.preventDefault();
      done();
    }
  };
  const onBlur = (): void => {
    if (!held && latest.current.problem === undefined && !(theirs !== undefined && field.merge === 'X') && dirty) write();
  };

  return (
    <div className="plan-editor" ref={box} role="presentation" onKeyDown={onKeyDown} onBlur={onBlur}>
      <ValueInput id={`edit-${key}`} label={field.label} hint={field.hint} error={problem} of={field.of} value={draft} onChange={change} />
      {theirs !== undefined && (
        <div className="plan-editor__theirs" role="status">
          <p><strong>Changed by somebody else while you were here:</strong> {showValue(field, theirs.value) || 'taken back'}. {field.merge === 'X' || held ? 'Yours is not recorded.' : 'If you go on, yours replaces it.'}</p>
          <Button small look="secondary" onClick={takeTheirs}>Take theirs</Button>
          <Button small look="secondary" onClick={() => void write()}>Record mine instead</Button>
        </div>
      )}
      {replaced !== undefined && theirs === undefined && (
        <div className="plan-editor__theirs" role="status">
          <p><strong>Somebody else answered at the same moment</strong> and theirs stands. Yours was: {showValue(field, replaced.value) || 'taken back'}.</p>
          <Button small look="secondary" onClick={() => { change({ value: replaced.value, settled: true }); if (held) write(); }}>Record mine instead</Button>
        </div>
      )}
      <div className="plan-editor__foot">
        <Button small onClick={done}>{held ? 'Record' : 'Done'}</Button>
        <Button small look="quiet" onClick={cancel}>{held ? 'Cancel' : 'Close'}</Button>
        {!isBlank(stored) && <Button small look="quiet" onClick={() => change({ value: undefined, settled: true })}>{held ? 'Take the answer back…' : 'Take the answer back'}</Button>}
        {mayBeNotDiscussed(field) && !notDiscussed && <Button small look="quiet" onClick={() => setNotDiscussed(true)}>Not discussed, because…</Button>}
        {held && dirty && <span className="plan-editor__waits">{draft === undefined ? 'Press Record to take the answer back.' : 'Not recorded until you press Record.'}</span>}
      </div>
      {notDiscussed && <NotDiscussedForm section={section} field={field} onDone={() => { latest.current = { value: undefined, settled: true }; base.current = undefined; onDone(); }} onCancel={() => setNotDiscussed(false)} />}
    </div>
  );
}
