/** Asks "are you sure" in place, without a dialog: the button turns into the question. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button, type ButtonLook } from './Button.tsx';

export function InlineConfirm({ label, question, confirmLabel, onConfirm, look = 'secondary', busy, children }: {
  readonly label: string; readonly question: ReactNode; readonly confirmLabel: string; readonly onConfirm: () => void;
  readonly look?: ButtonLook; readonly busy?: boolean; readonly children?: ReactNode;
}): ReactNode {
  const [asking, setAsking] = useState(false);
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (asking) box.current?.focus();
  }, [asking]);
  if (!asking) return <Button look="secondary" small onClick={() => setAsking(true)}>{label}</Button>;
  return (
    <fieldset className="accord-confirm" ref={box} tabIndex={-1} aria-label={label}>
      <p>{question}</p>
      {children}
      <Button small look={look} busy={busy ?? false} onClick={onConfirm}>{confirmLabel}</Button>
      <Button small look="quiet" onClick={() => setAsking(false)}>Cancel</Button>
    </fieldset>
  );
}
