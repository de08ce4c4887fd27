/** The way on from a plan that cannot be shown. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';

export const BackToCaseload = (): ReactNode => <p><Link href="/">Back to the caseload</Link></p>;
