/** Who this is about, and the ten answers of a review. On every page about a person; never scrolls away. */
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { fieldById } from '../../shared/content/standard.ts';
import { showValue } from '../../shared/content/show.ts';
import { ageInYears, formatDate } from '../../shared/domain/dates.ts';
import { bannerName } from '../../shared/domain/names.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { patientBrief, PlanView } from '../../shared/wire/plans.ts';
import { today } from '../ui/today.ts';
import { useHeightOnPage } from '../ui/heightOnPage.ts';
import { AllergyLine } from './AllergyLine.tsx';
import type { BannerFacts } from './facts.ts';
import { FactStrip } from './FactStrip.tsx';
import { PlanState } from './PlanState.tsx';

export type Patient = z.infer<typeof patientBrief>;

export interface PatientBannerProps {
  readonly patient: Patient;
  /** Values as stored, from the live documents where there are any. */
  readonly facts: BannerFacts;
  readonly status: PlanView['status'];
  readonly latestVersion: PlanView['latestVersion'];
  /** When given, each answer is a button that opens its field. */
  readonly onOpenField?: (field: string) => void;
  /** Leaves the row of answers out: on a page that shows an older text they would be taken for that text's. */
  readonly withoutStrip?: boolean;
  /** Stands in place of draft or signed where that cannot be known. */
  readonly state?: ReactNode;
  /** Right end of the state line: the saved indicator, who is here, links. */
  readonly children?: ReactNode;
}

export function PatientBanner({ patient, facts, status, latestVersion, onOpenField, withoutStrip, state, children }: PatientBannerProps): ReactNode {
  const box = useHeightOnPage('--banner-height');
  const died = typeof facts.diedOn === 'string' ? facts.diedOn.slice(0, 10) : undefined;
  return (
    <section className="accord-banner" aria-label="Patient" ref={box}>
      <div className="accord-banner__identity">
        <p className="accord-banner__name">{bannerName(patient)}</p>
        <p className="accord-banner__facts">
          <span>
            <span className="accord-banner__label">Born</span> {formatDate(patient.birthDate)}
            {died ? ` · Died ${formatDate(died)} (aged ${ageInYears(patient.birthDate, died)})` : ` (${ageInYears(patient.birthDate, today())})`}
          </span>
          <span>{genderWords(patient.gender)}</span>
          <span>
            <span className="accord-banner__label">NHS No.</span> <span className="accord-nowrap">{formatNhsNumber(patient.nhsNumber)}</span>
          </span>
        </p>
        <AllergyLine facts={facts} onOpenField={onOpenField} />
      </div>
      {!withoutStrip && <FactStrip facts={facts} onOpenField={onOpenField} />}
      <div className="accord-banner__state">
        {state ?? <PlanState status={status} latestVersion={latestVersion} />}
        {children}
      </div>
    </section>
  );
}

function genderWords(gender: string | undefined): string {
  const field = fieldById('gender');
  return gender === undefined || !field ? 'Gender not recorded' : showValue(field, gender);
}
