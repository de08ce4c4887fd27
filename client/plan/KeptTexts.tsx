/** What was typed here and not taken by the server: shown with the reason, to be copied or typed again. Nothing is thrown away silently. */
import { useState, type ReactNode } from 'react';
import { fieldById } from '../../shared/content/standard.ts';
import { showValue } from '../../shared/content/show.ts';
import { useConnection, useKeptTexts, useSaveStatus } from '../collab/hooks.ts';
import type { KeptText } from '../collab/keptText.ts';
import { Button } from '../ui/Button.tsx';
import { contradiction } from './liveSummary.ts';
import { useGoTo } from './workspaceState.ts';

export function KeptTexts(): ReactNode {
  const connection = useConnection();
  const kept = useKeptTexts();
  const status = useSaveStatus();
  if (kept.length === 0 && status.kind !== 'refused') return null;
  // Said once where it is the same for all, and with each where it is not.
  const alike = kept.length > 0 && kept.every(({ why }) => why === kept[0]?.why);
  return (
    <div className="accord-callout accord-callout--error plan-kept" role="alert">
      <h2 className="accord-callout__title">Not saved</h2>
      <p>{alike ? kept[0]?.why : status.kind === 'refused' ? status.why : ''} The rest of the plan is as the server has it.{kept.length > 0 && ' What you had typed is kept here:'}</p>
      {kept.map((text, index) => <Kept key={`${text.section}.${text.field}.${index}`} text={text} because={alike ? undefined : text.why} />)}
      <Button small look="secondary" onClick={() => connection.dismissKept()}>I have what I need: close this</Button>
    </div>
  );
}

function Kept({ text, because }: { readonly text: KeptText; readonly because: string | undefined }): ReactNode {
  const goTo = useGoTo();
  const [copied, setCopied] = useState<'yes' | 'no'>();
  const field = fieldById(text.field);
  if (field === undefined) return null;
  const sides = contradiction(text.value);
  const words = sides === undefined ? showValue(field, text.value) : sides.map((side) => showValue(field, side)).join('\n');
  return (
    <div className="plan-kept__one">
      <strong>{field.label}</strong>{because && <> <span className="plan-kept__why">{because}</span></>}
      <pre className="plan-kept__words">{words || '(taken back)'}</pre>
      <Button small look="quiet" onClick={() => void navigator.clipboard.writeText(words).then(() => setCopied('yes'), () => setCopied('no'))}>Copy</Button>
      <Button small look="quiet" onClick={() => goTo(field.id)}>Go to the field</Button>
      {copied && <span role="status">{copied === 'yes' ? 'Copied' : 'This browser did not allow copying: select the words instead'}</span>}
    </div>
  );
}
