/** The way on from a plan that cannot be shown. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useSession } from '../data/session.ts';

/** Patients, inspectors and urgent care have no caseload: for them it is the page that they start from. */
export function BackToCaseload(): ReactNode {
  const may = useSession().data?.may;
  return <p><Link href="/">{may && !may.seeCaseload ? 'Back to your start page' : 'Back to the caseload'}</Link></p>;
}
