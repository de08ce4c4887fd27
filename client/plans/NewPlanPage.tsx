/** Beginning a plan: who the person is. Everything else follows in the plan itself. */
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { formatNhsNumber, nhsNumberDigits, nhsNumberProblem } from '../../shared/domain/nhsNumber.ts';
import { patientProblems, tidyPatient } from '../../shared/domain/patient.ts';
import { ageInYears } from '../../shared/domain/dates.ts';
import { fieldById } from '../../shared/content/standard.ts';
import type { Problem } from '../../shared/refusal.ts';
import type { NewPlan } from '../../shared/wire/plans.ts';
import { useCreatePlan } from '../data/commands.ts';
import { ApiProblem, asProblem } from '../data/problem.ts';
import { useSession } from '../data/session.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { Select } from '../ui/Choice.tsx';
import { ErrorSummary } from '../ui/ErrorSummary.tsx';
import { Page } from '../ui/Page.tsx';
import { TextArea, TextInput } from '../ui/TextInput.tsx';
import { today } from '../ui/today.ts';
import { useOnce } from '../ui/useOnce.ts';
import { readTypedDate } from '../ui/typedDate.ts';

const blank = { nhsNumber: '', familyName: '', givenName: '', preferredName: '', birthDate: '', gender: '', address: '', gpPractice: '' };
type Form = typeof blank;

export function NewPlanPage(): ReactNode {
  const session = useSession().data;
  const create = useCreatePlan();
  const once = useOnce();
  const [, navigate] = useLocation();
  const [form, setForm] = useState<Form>(blank);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const problemOf = (field: keyof Form): string | undefined => problems.find((problem) => problem.field === `patient.${field}`)?.message;
  const set = (field: keyof Form, value: string): void => {
    setForm((before) => ({ ...before, [field]: value }));
    setProblems((before) => before.filter((problem) => problem.field !== `patient.${field}`));
  };

  const submit = (): void => {
    const patient = asOrder(form);
    const found = patientProblems(patient, { demo: session?.demo ?? false, today: today() }).map((problem) => withTypedDate(problem, form));
    setProblems(found);
    create.reset();
    if (found.length > 0) return;
    const order = { patient };
    create.mutate({ order, once: once(order) }, {
      onSuccess: (plan) => navigate(`/plans/${plan.id}`),
      onError: (error) => setProblems(error instanceof ApiProblem ? error.problems : []),
    });
  };

  const birth = form.birthDate.trim() === '' ? undefined : readTypedDate(form.birthDate);
  return (
    <Page title="Add a person">
      <div className="accord-form">
        {problems.length > 0 && <ErrorSummary problems={problems.map(({ field, message }) => ({ inputId: field.replace('.', '-'), message }))} />}
        {create.error && problems.length === 0 && <Refused problem={asProblem(create.error)} />}
        <p>A plan begins with who the person is. Every line marked “optional” can wait.</p>
        <form noValidate onSubmit={(event) => { event.preventDefault(); if (!create.isPending) submit(); }}>
          <NhsNumberInput value={form.nhsNumber} demo={session?.demo ?? false} error={problemOf('nhsNumber')} onChange={(value) => set('nhsNumber', value)} />
          <TextInput id="patient-familyName" label="Family name" value={form.familyName} maxLength={100} autoComplete="off" error={problemOf('familyName')} onChange={(event) => set('familyName', event.target.value)} />
          <TextInput id="patient-givenName" label="First names" value={form.givenName} maxLength={100} autoComplete="off" error={problemOf('givenName')} onChange={(event) => set('givenName', event.target.value)} />
          <TextInput
            id="patient-birthDate" label="Date of birth" hint="Day, month, year: for example 5 6 1941" width={20} inputMode="text" autoComplete="off"
            value={form.birthDate} error={problemOf('birthDate')} onChange={(event) => set('birthDate', event.target.value)}
            note={birth?.ok ? <>Understood as <strong>{birth.words}</strong>{birth.date <= today() && ` (${ageInYears(birth.date, today())} years old)`}</> : undefined}
          />
          <Select id="patient-gender" label="Administrative gender (optional)" value={form.gender} empty="Not given" options={genderOptions()} error={problemOf('gender')} onChoose={(value) => set('gender', value)} />
          <TextInput id="patient-preferredName" label="Likes to be called (optional)" value={form.preferredName} maxLength={100} autoComplete="off" error={problemOf('preferredName')} onChange={(event) => set('preferredName', event.target.value)} />
          <TextArea id="patient-address" label="Usual residence (optional)" hint="Address lines and postcode" rows={3} maxLength={500} autoComplete="off" value={form.address} error={problemOf('address')} onChange={(event) => set('address', event.target.value)} />
          <TextArea id="patient-gpPractice" label="GP practice (optional)" hint="Name and telephone number" rows={2} maxLength={300} autoComplete="off" value={form.gpPractice} error={problemOf('gpPractice')} onChange={(event) => set('gpPractice', event.target.value)} />
          <Button type="submit" busy={create.isPending}>{create.isPending ? 'Beginning the plan…' : 'Begin the plan'}</Button>
          <p><Link href="/">Back to the caseload</Link></p>
        </form>
      </div>
    </Page>
  );
}

/** Checks the number once it has ten digits; a number that is still being typed is not complained about. */
function NhsNumberInput({ value, demo, error, onChange }: { readonly value: string; readonly demo: boolean; readonly error: string | undefined; readonly onChange: (value: string) => void }): ReactNode {
  const digits = nhsNumberDigits(value);
  const problem = value.replace(/\D/g, '').length >= 10 ? nhsNumberProblem(value) : undefined;
  const note = digits !== undefined && problem === undefined ? <>✓ <strong>{formatNhsNumber(digits)}</strong>: the check digit fits</> : problem;
  return (
    <TextInput
      id="patient-nhsNumber" label="NHS number" hint={demo ? 'Ten digits. In this demonstration only numbers that begin with 999, which belong to nobody.' : 'Ten digits, for example 999 000 0018'}
      width={20} inputMode="numeric" autoComplete="off" value={value} error={error} note={error === undefined ? note : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Refused({ problem }: { readonly problem: ApiProblem }): ReactNode {
  const existing = typeof problem.more['planId'] === 'string' ? problem.more['planId'] : undefined;
  return <ProblemCallout problem={problem}>{existing !== undefined && <p><Link href={`/plans/${existing}`}>Open the plan that this person has</Link></p>}</ProblemCallout>;
}

function genderOptions(): readonly { readonly value: string; readonly label: string }[] {
  const gender = fieldById('gender');
  return gender?.of.kind === 'choice' ? gender.of.valueSet.options : [];
}

/** The form as the service takes it: the date understood, empty lines left out. A date that cannot be read stays as typed and is refused. */
function asOrder(form: Form): NewPlan['patient'] {
  const birth = readTypedDate(form.birthDate);
  return tidyPatient({ ...form, birthDate: birth.ok ? birth.date : form.birthDate });
}

/** Says what is wrong with how the date was typed, rather than that it is no date. */
function withTypedDate(problem: Problem, form: Form): Problem {
  const birth = readTypedDate(form.birthDate);
  return problem.field === 'patient.birthDate' && form.birthDate.trim() !== '' && !birth.ok ? { ...problem, message: `Date of birth: ${birth.problem}` } : problem;
}
