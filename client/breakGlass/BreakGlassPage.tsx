/** Opening a plan in an emergency: who, why, and what follows from it, said before it is done. */
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { breakGlassReasonLabels, breakGlassReasons, noteProblem, type BreakGlassReason } from '../../shared/domain/breakGlass.ts';
import { nhsNumberProblem } from '../../shared/domain/nhsNumber.ts';
import { limits } from '../../shared/limits.ts';
import type { Problem } from '../../shared/refusal.ts';
import { useBreakGlass } from '../data/breakGlass.ts';
import { ApiProblem, asProblem } from '../data/problem.ts';
import { freshAddress, signedInAgain } from '../identity/back.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemCallout, WarningCallout } from '../ui/Callouts.tsx';
import { Radios } from '../ui/Choice.tsx';
import { ErrorSummary } from '../ui/ErrorSummary.tsx';
import { Page } from '../ui/Page.tsx';
import { TextArea, TextInput } from '../ui/TextInput.tsx';
import { readTypedDate } from '../ui/typedDate.ts';
import { useOnce } from '../ui/useOnce.ts';

const blank = { nhsNumber: '', birthDate: '', reason: '' as BreakGlassReason | '', note: '' };
type Form = typeof blank;
const idOf = (field: string): string => `break-glass-${field}`;

export function BreakGlassPage(): ReactNode {
  const open = useBreakGlass();
  const once = useOnce();
  const [, navigate] = useLocation();
  const [form, setForm] = useState<Form>(blank);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problemOf = (field: keyof Form): string | undefined => problems.find((problem) => problem.field === field)?.message;
  const set = <F extends keyof Form>(field: F, value: Form[F]): void => {
    setForm((before) => ({ ...before, [field]: value }));
    setProblems((before) => before.filter((problem) => problem.field !== field));
  };
  const submit = (): void => {
    const found = problemsIn(form);
    setProblems(found);
    open.reset();
    const birth = readTypedDate(form.birthDate);
    if (found.length > 0 || !birth.ok || form.reason === '') return;
    const order = { nhsNumber: form.nhsNumber, birthDate: birth.date, reason: form.reason, note: form.note };
    open.mutate({ order, once: once(order) }, {
      onSuccess: ({ planId }) => navigate(`/plans/${planId}`),
      onError: (error) => setProblems(error instanceof ApiProblem ? error.problems : []),
    });
  };
  const minutes = limits.breakGlassMs / 60_000;
  return (
    <Page title="Open a plan in an emergency">
      <div className="accord-form">
        {problems.length > 0 && <ErrorSummary problems={problems.map(({ field, message }) => ({ inputId: idOf(field), message }))} />}
        {open.error && problems.length === 0 && <Refused problem={asProblem(open.error)} />}
        <WarningCallout title="Only when you look after this person now, and their team cannot be asked">
          <ul>
            <li>You can read the plan for {minutes} minutes, and nothing else: you cannot write, sign or take it away.</li>
            <li>Privacy officers are told at once, and one of them looks at it within three days.</li>
            <li>It stands in the plan’s audit trail, with your name and reason, and the person can see it.</li>
          </ul>
        </WarningCallout>
        <form noValidate onSubmit={(event) => { event.preventDefault(); if (!open.isPending) submit(); }}>
          <TextInput id={idOf('nhsNumber')} label="NHS number" hint="Ten digits" width={20} inputMode="numeric" autoComplete="off" value={form.nhsNumber} error={problemOf('nhsNumber')} onChange={(event) => set('nhsNumber', event.target.value)} />
          <TextInput id={idOf('birthDate')} label="Date of birth" hint="Day, month, year: for example 5 6 1941" width={20} autoComplete="off" value={form.birthDate} error={problemOf('birthDate')} onChange={(event) => set('birthDate', event.target.value)} />
          <Radios
            id={idOf('reason')} legend="Why you need to read it" error={problemOf('reason')} value={form.reason}
            options={breakGlassReasons.map((value) => ({ value, label: breakGlassReasonLabels[value] }))} onChoose={(value) => set('reason', value as BreakGlassReason)}
          />
          <TextArea id={idOf('note')} label="What is happening" hint={`In a sentence or two, ${limits.breakGlassNoteLengthMin} characters or more`} rows={3} maxLength={limits.breakGlassNoteLengthMax} value={form.note} error={problemOf('note')} onChange={(event) => set('note', event.target.value)} />
          <Button type="submit" look="warning" busy={open.isPending}>{open.isPending ? 'Opening the plan…' : `Open the plan for ${minutes} minutes`}</Button>
          <p><Link href="/">Back to the caseload</Link></p>
        </form>
      </div>
    </Page>
  );
}

function problemsIn({ nhsNumber, birthDate, reason, note }: Form): Problem[] {
  const number = nhsNumberProblem(nhsNumber);
  const birth = readTypedDate(birthDate);
  const words = noteProblem(note);
  return [
    ...(number === undefined ? [] : [{ field: 'nhsNumber', message: number }]),
    ...(birth.ok ? [] : [{ field: 'birthDate', message: `Date of birth: ${birth.problem}` }]),
    ...(reason === '' ? [{ field: 'reason', message: 'Choose why you need to read the plan.' }] : []),
    ...(words ? [words] : []),
  ];
}

function Refused({ problem }: { readonly problem: ApiProblem }): ReactNode {
  const planId = typeof problem.more['planId'] === 'string' ? problem.more['planId'] : undefined;
  // In a tab of its own: what was typed here stays.
  if (problem.code === 'fresh-sign-in-needed') return <ProblemCallout problem={problem}><p><a href={freshAddress(signedInAgain)} target="_blank" rel="noopener">Sign in once more (new tab)</a>, then come back and press the button again.</p></ProblemCallout>;
  return <ProblemCallout problem={problem}>{planId !== undefined && <p><Link href={`/plans/${planId}`}>Open the plan</Link></p>}</ProblemCallout>;
}
