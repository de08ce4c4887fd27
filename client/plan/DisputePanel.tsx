/** Two people wrote different things without seeing each other: both are shown, what was signed stays in force, one action settles it. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Field } from '../../shared/content/kinds.ts';
import { isDisputed, type Author } from '../../shared/content/planContent.ts';
import { showValue } from '../../shared/content/show.ts';
import { isBlank } from '../../shared/content/values.ts';
import { formatDate, formatDateTime, londonDate } from '../../shared/domain/dates.ts';
import { useConnection } from '../collab/hooks.ts';
import { sameValue, writeField } from '../collab/writing.ts';
import { usePlanContent, useVersion } from '../data/plans.ts';
import { Button } from '../ui/Button.tsx';
import { Radios } from '../ui/Choice.tsx';
import { Tag } from '../ui/Tag.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { isPlain } from './FieldEditor.tsx';
import { ValueInput } from './ValueInput.tsx';
import { fieldKey, useWorkspace } from './workspaceState.ts';

interface Side {
  readonly value: unknown;
  readonly by?: Author;
  readonly at?: string;
}

export function DisputePanel({ section, field, sides, mayEdit }: {
  readonly section: string; readonly field: Field; readonly sides: readonly unknown[]; readonly mayEdit: boolean;
}): ReactNode {
  const [settling, setSettling] = useState(false);
  const known = useAttributed(section, field, sides);
  return (
    <div className="plan-dispute" role="group" aria-label={`Disputed: ${field.label}`}>
      <p className="plan-dispute__head"><Tag colour="disputed">Disputed</Tag> Written at the same time by people who had not seen each other’s answer. Both are kept until this is settled.</p>
      <ul className="plan-dispute__sides">
        {known.map((side, index) => (
          <li key={`${index} ${JSON.stringify(side.value)}`}>
            <strong>“{showValue(field, side.value)}”</strong>
            {side.by && side.at && <span className="plan-dispute__who">{side.by.name}, {formatDateTime(side.at)}</span>}
          </li>
        ))}
      </ul>
      <InForce section={section} field={field} />
      {mayEdit && !settling && <Button small onClick={() => setSettling(true)}>Settle</Button>}
      {mayEdit && settling && <SettleForm section={section} field={field} sides={known} onClose={() => setSettling(false)} />}
      {!mayEdit && <p className="plan-dispute__who">Somebody whose role may write this section has to settle it.</p>}
    </div>
  );
}

const askAgainMs = 1_000;
const askAgainMostMs = 30_000;

/** Who wrote each side and when: only the server knows, so it is asked when a dispute appears. */
function useAttributed(section: string, field: Field, sides: readonly unknown[]): readonly Side[] {
  const { view } = useWorkspace();
  const content = usePlanContent(view.id);
  const told = content.data?.sections[section]?.[field.id];
  const fromServer = isDisputed(told) ? told.disputed : [];
  const complete = sides.every((side) => fromServer.some((one) => sameValue(one.value, side)));
  const { refetch, isFetching } = content;
  const asked = useRef({ sides: '', times: 0 });
  const wanted = JSON.stringify(sides);
  useEffect(() => {
    if (complete || isFetching) return undefined;
    if (asked.current.sides !== wanted) asked.current = { sides: wanted, times: 0 };
    // One's own side may reach the server a moment after the other's has come from there: asked again until both are known.
    const { times } = asked.current;
    const timer = setTimeout(() => {
      asked.current.times += 1;
      void refetch();
    }, times === 0 ? 0 : Math.min(askAgainMostMs, askAgainMs * 2 ** (times - 1)));
    return () => clearTimeout(timer);
  }, [complete, isFetching, wanted, refetch]);
  return sides.map((side) => fromServer.find((one) => sameValue(one.value, side)) ?? { value: side });
}

function InForce({ section, field }: { readonly section: string; readonly field: Field }): ReactNode {
  const { latestVersion, id } = useWorkspace().view;
  const version = useVersion(id, String(latestVersion?.number ?? ''), latestVersion !== null);
  if (latestVersion === null) return <p>No version has been signed, so neither is in force.</p>;
  const value = version.data?.content.sections[section]?.[field.id];
  return (
    <p>
      In force until then, from version {latestVersion.number} signed {formatDate(londonDate(new Date(latestVersion.signedAt)))}:{' '}
      <strong>{version.data === undefined ? (version.error ? 'could not be read just now' : '…') : showValue(field, value) || 'not recorded'}</strong>
    </p>
  );
}

const another = 'another';

function SettleForm({ section, field, sides, onClose }: {
  readonly section: string; readonly field: Field; readonly sides: readonly Side[]; readonly onClose: () => void;
}): ReactNode {
  const connection = useConnection();
  const key = fieldKey(section, field.id);
  const [choice, setChoice] = useState<string>();
  const [other, setOther] = useState<unknown>(undefined);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<{ where: 'choice' | 'other' | 'reason'; why: string }>();
  const settle = (): void => {
    const value = choice === another ? other : sides[Number(choice)]?.value;
    if (choice === undefined) return setProblem({ where: 'choice', why: 'Choose which answer is right.' });
    if (isBlank(value)) return setProblem({ where: 'other', why: 'Give the other answer.' });
    if (reason.trim().length < 3) return setProblem({ where: 'reason', why: 'Say why: the reason is kept with the answer.' });
    const why = writeField(connection, section, field, value, reason.trim());
    if (why !== undefined) setProblem({ where: choice === another ? 'other' : 'choice', why });
    else onClose();
  };
  const at = (where: string): string | undefined => (problem?.where === where ? problem.why : undefined);
  return (
    <div className="plan-dispute__form">
      <Radios id={`settle-${key}`} legend="Which is right?" error={at('choice')} value={choice} onChoose={setChoice}
        options={[...sides.map((side, index) => ({ value: String(index), label: showValue(field, side.value), ...(side.by ? { hint: side.by.name } : {}) })), { value: another, label: 'Another answer' }]} />
      {choice === another && isPlain(field) && <ValueInput id={`settle-${key}-other`} label={field.label} of={field.of} value={other} error={at('other')} onChange={(change) => setOther(change.value)} />}
      <TextInput id={`settle-${key}-reason`} label="Reason" hint="What was found out, and who agreed" value={reason} error={at('reason')} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
      <Button small onClick={settle}>Settle it</Button>
      <Button small look="quiet" onClick={onClose}>Cancel</Button>
    </div>
  );
}
