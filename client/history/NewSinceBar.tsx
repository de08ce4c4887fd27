/** How much is new since this person last looked, and the way to it. */
import { useContext, type ReactNode } from 'react';
import { useGoTo } from '../plan/workspaceState.ts';
import { Button } from '../ui/Button.tsx';
import { announce } from '../ui/announce.ts';
import { NewSinceContext, useNewMarks } from './newSinceContext.ts';

export function NewSinceBar(): ReactNode {
  const since = useContext(NewSinceContext);
  const { fields, cut, failed } = useNewMarks();
  const goTo = useGoTo();
  if (since === undefined) return null;
  if (failed) {
    return (
      <section className="new-since" aria-label="Since you last looked">
        <p role="alert">What is new since you last looked could not be fetched.</p>
        <Button small look="secondary" onClick={() => since.tryAgain()}>Try again</Button>
      </section>
    );
  }
  const [first] = fields.keys();
  if (first === undefined) return null;
  const seen = (): void => {
    since.seen();
    announce('Marks of changes taken away.');
  };
  return (
    <section className="new-since" aria-label="Since you last looked">
      <p><strong>{fields.size} {fields.size === 1 ? 'change' : 'changes'} since you last looked</strong>{cut && ' (older ones are not marked; each field’s history has them)'}</p>
      <Button small look="secondary" onClick={() => goTo(first.slice(first.indexOf('.') + 1))}>{fields.size === 1 ? 'Show it' : 'Show the first'}</Button>
      <Button small look="quiet" onClick={seen}>I have seen {fields.size === 1 ? 'it' : 'them'}</Button>
    </section>
  );
}
