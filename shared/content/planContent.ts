/** A plan as plain JSON: what the draft route answers, what a reviewer reads, what a version holds and its hash is taken of. */
import type { PersonId, PlanId } from '../ids.ts';
import type { Role } from '../domain/roles.ts';

export interface Author {
  readonly id: PersonId | 'system';
  readonly name: string;
  readonly role: Role | 'system';
}

/** Two people who had not seen each other wrote different values: both are kept until somebody entitled settles it. */
export interface Disputed {
  readonly disputed: readonly { readonly value: unknown; readonly by: Author; readonly at: string }[];
}

export type SectionContent = Readonly<Record<string, unknown>>;

export interface PlanContent {
  readonly planId: PlanId;
  readonly position: number;
  /** Section id → field id → value. Fields that are not recorded are absent. */
  readonly sections: Readonly<Record<string, SectionContent>>;
  /** So that the hash over all of it tells nothing about a part that is hidden from somebody. Goes only to whoever is shown everything; absent in versions from before there was one. */
  readonly salt?: string;
}

export const isDisputed = (value: unknown): value is Disputed =>
  typeof value === 'object' && value !== null && Array.isArray((value as { disputed?: unknown }).disputed);
