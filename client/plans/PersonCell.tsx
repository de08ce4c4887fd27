/** Who a row of a list is about: name as the way in, day of birth and age, NHS number. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ageInYears, formatDate } from '../../shared/domain/dates.ts';
import { bannerName } from '../../shared/domain/names.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { PlanListItem } from '../../shared/wire/plans.ts';
import { today } from '../ui/today.ts';

export function PersonCell({ patient, href }: { readonly patient: PlanListItem['patient']; readonly href: string }): ReactNode {
  return (
    <>
      <Link href={href} className="accord-caseload__name">{bannerName(patient)}</Link>
      <span className="accord-caseload__small accord-nowrap">Born {formatDate(patient.birthDate)} ({ageInYears(patient.birthDate, today())})</span>
      <span className="accord-caseload__small accord-nowrap">NHS No. {formatNhsNumber(patient.nhsNumber)}</span>
    </>
  );
}
