/** One short function for each kind of row, so that a patient reads as a table. Columns are those of the content standard. */
import { named } from './patient.ts';
import type { Role } from '../../shared/domain/roles.ts';
import type { DemoOrganisation, DemoPerson } from './people.ts';

export type RowData = Readonly<Record<string, unknown>>;

/** Leaves out what was not given: a blank column is absent, never empty. */
const row = (columns: RowData): RowData => Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
/** Gives a row an id of its own, so that a later step can edit it. */
export const withId = (id: string, data: RowData): RowData => ({ id, ...data });

export const phone = (type: string, number: string, bestTime?: string): RowData => row({ type, number, bestTime });
export const hazard = (kind: string, note?: string): RowData => row({ hazard: kind, note });
export const disability = (kind: string, note?: string): RowData => row({ disability: kind, note });
export const adjustment = (what: string, detail?: string, date?: string): RowData => row({ adjustment: what, detail, date });
export const limit = (from: { readonly role: Role } | { readonly organisation: DemoOrganisation }, section: string, reason: string): RowData =>
  row({ ...('role' in from ? { role: from.role } : { organisation: { id: from.organisation.id, name: from.organisation.name } }), section, because: reason });

export interface ContactFacts {
  readonly mainCarer?: boolean;
  readonly nextOfKin?: boolean;
  readonly emergencyRank?: '1' | '2' | '3' | 'no';
  readonly livesWith?: boolean;
  readonly holdsKey?: boolean;
}
export const contact = (name: string, relationship: string, telephone: string | undefined, facts: ContactFacts = {}): RowData =>
  row({ name, relationship, phone: telephone, ...facts });
export const decider = (name: string, telephone: string | undefined, relationship: string): RowData => row({ name, phone: telephone, relationship });
export const service = (kind: string, name: string, organisation: string, phoneInHours: string, phoneOutOfHours?: string): RowData =>
  row({ service: kind, name, organisation, phoneInHours, phoneOutOfHours });

export const condition = (text: string, note?: string): RowData => row({ condition: text, note });
export const allergy = (substance: string, reaction: string, severity: string, certainty: string, date?: string): RowData =>
  row({ substance, reaction, severity, certainty, date });
export const device = (kind: string, shockFunction: string, deactivationDiscussed?: boolean, note?: string): RowData =>
  row({ device: kind, shockFunction, deactivationDiscussed, note });
export const risk = (kind: string, note?: string): RowData => row({ risk: kind, note });
export const ipos = (date: string, version: string, scores: Readonly<Record<string, string>>): RowData[] =>
  Object.entries(scores).map(([item, score]) => row({ item, score, version, date }));

export const intervention = (kind: string, recommendation: 'would-have' | 'would-not-have' | 'discuss-first', note?: string): RowData =>
  row({ intervention: kind, recommendation, note });
export const scenario = (problem: string, firstAction: string, whoToCall: string, medicine?: string): RowData => row({ problem, firstAction, whoToCall, medicine });
export const told = (who: string, note?: string): RowData => row({ who, note });
export const assessed = (decision: string, capacity: 'has' | 'lacks' | 'fluctuates' | 'not-assessed', assessor: DemoPerson, date: string, howLacking?: string): RowData =>
  row({ decision, capacity, assessor: named(assessor), date, howLacking });
export const attorney = (name: string, telephone: string, power: 'sole' | 'jointly' | 'severally', reference: string, documentSeen: boolean): RowData =>
  row({ name, phone: telephone, power, reference, documentSeen });

export const boxed = (symptom: string, drug: string, dose: string, route: string, maximum: string, quantity: string, expiry: string): RowData =>
  row({ symptom, drug, dose, route, maximum, authorisedTo: 'Registered nurses, under the signed chart', quantity, expiry });
export const medicine = (drug: string, dose: string, reason: string, stop?: boolean): RowData => row({ drug, dose, because: reason, stop });

export const carePackage = (provider: string, callsPerDay: string, facts: { readonly doubleUp?: boolean; readonly nightCare?: boolean; readonly start?: string; readonly contact?: string } = {}): RowData =>
  row({ provider, callsPerDay, ...facts });
export const equipment = (item: string, status: 'needed' | 'ordered' | 'in-place' | 'to-collect', date?: string, note?: string): RowData => row({ item, status, date, note });
export const feedback = (date: string, from: string, found: boolean, used: string, problem?: string): RowData => row({ date, service: from, found, used, problem });

export const decided = (text: string, by: DemoPerson, rationale?: string, dissent?: string): RowData => row({ text, decidedBy: named(by), dissent, rationale });
export const act = (text: string, owner: DemoPerson, due: string, priority: 'urgent' | 'soon' | 'routine', done?: { readonly on: string; readonly evidence?: string }): RowData =>
  row({ text, owner: named(owner), due, priority, status: done ? 'done' : 'open', doneOn: done?.on, evidence: done?.evidence });
export const bereaved = (person: string, danger: 'low' | 'some' | 'high', reach: string, owner: DemoPerson, date: string): RowData =>
  row({ person, risk: danger, contact: reach, owner: named(owner), date });
/** Strikes out a row written earlier; it stays visible with the reason. */
export const struck = (id: string, reason: string): RowData => ({ id, removed: true, reason });
