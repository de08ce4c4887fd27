/** Correcting who the person is registered as: the values as they stand, what is right, and why. */
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { fieldById } from '../../shared/content/standard.ts';
import { showValue } from '../../shared/content/show.ts';
import { ageInYears, formatDate, formatDateTime } from '../../shared/domain/dates.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { correctableFields, correctionProblems, correctionReasonLengthMax, tidyCorrection, type CorrectableField } from '../../shared/domain/patient.ts';
import type { Problem } from '../../shared/refusal.ts';
import type { NewCorrection, PlanView } from '../../shared/wire/plans.ts';
import { useCorrectIdentity } from '../data/commands.ts';
import { useCorrections } from '../data/plans.ts';
import { ApiProblem, asProblem } from '../data/problem.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { InsetText, ProblemCallout } from '../ui/Callouts.tsx';
import { Select } from '../ui/Choice.tsx';
import { ErrorSummary } from '../ui/ErrorSummary.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { TextArea, TextInput } from '../ui/TextInput.tsx';
import { today } from '../ui/today.ts';
import { useOnce } from '../ui/useOnce.ts';
import { PlanFrame } from './PlanFrame.tsx';
import { readTypedDate } from '../ui/typedDate.ts';

export function IdentityPage({ planId }: { readonly planId: string }): ReactNode {
  return (
    <PlanFrame planId={planId} title="Registered identity">
      {(plan) => (
        <>
          <InsetText>
            <p>The NHS number, {formatNhsNumber(plan.patient.nhsNumber)}, is never corrected: a wrong number means another person. Begin a new plan for the right number, and tell the team to leave this one.</p>
          </InsetText>
          {plan.may.correctIdentity ? <CorrectionForm plan={plan} /> : <p>The person’s GP practice and the coordinator correct names, date of birth and gender. Tell one of them what is wrong.</p>}
          <Corrections planId={planId} />
        </>
      )}
    </PlanFrame>
  );
}

type Form = Readonly<Record<CorrectableField | 'reason', string>>;

const formOf = ({ patient }: PlanView): Form => ({
  familyName: patient.familyName, givenName: patient.givenName, birthDate: formatDate(patient.birthDate), gender: patient.gender ?? '', reason: '',
});
const label = (id: string): string => fieldById(id)?.label ?? id;

function CorrectionForm({ plan }: { readonly plan: PlanView }): ReactNode {
  const correct = useCorrectIdentity(plan.id);
  const once = useOnce();
  const [, navigate] = useLocation();
  // What stood when the person began: somebody else's correction meanwhile is not undone by theirs.
  const [before] = useState<Form>(() => formOf(plan));
  const [form, setForm] = useState<Form>(before);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problemOf = (field: keyof Form): string | undefined => problems.find((problem) => problem.field === field)?.message;
  const set = (field: keyof Form, value: string): void => {
    setForm((now) => ({ ...now, [field]: value }));
    setProblems((now) => now.filter((problem) => problem.field !== field));
  };

  const submit = (): void => {
    const order = asOrder(form, before);
    const found = problemsOf(order, form);
    setProblems(found);
    correct.reset();
    if (found.length > 0) return;
    correct.mutate({ order, once: once(order) }, {
      onSuccess: () => {
        announce('The registered identity is corrected');
        navigate(`/plans/${plan.id}`);
      },
      onError: (error) => setProblems(error instanceof ApiProblem ? error.problems : []),
    });
  };

  const birth = form.birthDate.trim() === '' ? undefined : readTypedDate(form.birthDate);
  return (
    <form className="accord-form" noValidate onSubmit={(event) => { event.preventDefault(); if (!correct.isPending) submit(); }}>
      {problems.length > 0 && <ErrorSummary problems={problems.map(({ field, message }) => ({ inputId: `identity-${field}`, message }))} />}
      {correct.error && problems.length === 0 && <ProblemCallout problem={asProblem(correct.error)} />}
      <p>Change only what is wrong. The correction goes into the draft at once; urgent care reads it when the plan is signed again.</p>
      <TextInput id="identity-familyName" label={label('familyName')} hint="As registered with the NHS" value={form.familyName} maxLength={100} autoComplete="off" error={problemOf('familyName')} onChange={(event) => set('familyName', event.target.value)} />
      <TextInput id="identity-givenName" label={label('givenName')} hint="As registered with the NHS" value={form.givenName} maxLength={100} autoComplete="off" error={problemOf('givenName')} onChange={(event) => set('givenName', event.target.value)} />
      <TextInput
        id="identity-birthDate" label={label('birthDate')} hint="Day, month, year: for example 5 6 1941" width={20} autoComplete="off" value={form.birthDate} error={problemOf('birthDate')} onChange={(event) => set('birthDate', event.target.value)}
        note={birth?.ok ? <>Understood as <strong>{birth.words}</strong>{birth.date <= today() && ` (${ageInYears(birth.date, today())} years old)`}</> : undefined}
      />
      <Select id="identity-gender" label={label('gender')} value={form.gender} {...(plan.patient.gender === undefined ? { empty: 'Not recorded' } : {})} options={genderOptions()} error={problemOf('gender')} onChoose={(value) => set('gender', value)} />
      <TextArea id="identity-reason" label="Reason" hint="Why it was wrong, and how you know. Kept with the correction." rows={3} maxLength={correctionReasonLengthMax} autoComplete="off" value={form.reason} error={problemOf('reason')} onChange={(event) => set('reason', event.target.value)} />
      <Button type="submit" busy={correct.isPending}>Record the correction</Button>
      <p><Link href={`/plans/${plan.id}`}>Back to the plan</Link></p>
    </form>
  );
}

/** Only what differs from what stands; a date that cannot be read stays as typed and is refused. */
function asOrder(form: Form, before: Form): NewCorrection {
  const asDate = (text: string): string => {
    const read = readTypedDate(text);
    return read.ok ? read.date : text;
  };
  const value = (from: Form, field: CorrectableField): string => (field === 'birthDate' ? asDate(from.birthDate) : from[field].trim());
  const changed = correctableFields.filter((field) => value(form, field) !== value(before, field));
  return tidyCorrection({ ...Object.fromEntries(changed.map((field) => [field, value(form, field)])), reason: form.reason });
}

function problemsOf(order: NewCorrection, form: Form): readonly Problem[] {
  if (correctableFields.every((field) => order[field] === undefined)) return [{ field: 'familyName', message: 'Nothing would be different: change what is wrong.' }, ...correctionProblems(order, today())];
  const birth = readTypedDate(form.birthDate);
  return correctionProblems(order, today()).map((problem) =>
    (problem.field === 'birthDate' && form.birthDate.trim() !== '' && !birth.ok ? { ...problem, message: `${label('birthDate')}: ${birth.problem}` } : problem));
}

function genderOptions(): readonly { readonly value: string; readonly label: string }[] {
  const gender = fieldById('gender');
  return gender?.of.kind === 'choice' ? gender.of.valueSet.options.map(({ value }) => ({ value, label: showValue(gender, value) })) : [];
}

function Corrections({ planId }: { readonly planId: string }): ReactNode {
  const corrections = useCorrections(planId);
  return (
    <section>
      <h2 className="accord-section-heading">Corrections so far</h2>
      <Loaded query={corrections} what="the corrections" lines={2}>
        {({ items }) => (items.length === 0 ? <p>None.</p> : (
          <ul className="accord-sentences">
            {items.map(({ at, by, fields, reason }) => <li key={at}>{fields.map(label).join(', ')}: “{reason}” <span className="accord-quiet">{by}, {formatDateTime(at)}</span></li>)}
          </ul>
        ))}
      </Loaded>
    </section>
  );
}
