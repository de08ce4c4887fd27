/**
 * A plan's trail as HL7 FHIR R4 AuditEvents, after the patterns of IHE Basic Audit Log Patterns (Read, Create, Update with a patient). No profile is claimed: they
 * ask for the client's network address, which our chains do not hold.
 */
import { planStream, purposeOf, purposeWords, type AuditEntry, type Purpose } from '../../shared/domain/audit.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { knowsSection } from '../../shared/domain/access.ts';
import { roleLabels, type Actor, type Role } from '../../shared/domain/roles.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, type Result } from '../../shared/refusal.ts';
import type { AuditEventBundle } from '../../shared/wire/audit.ts';
import type { AuditQuery } from '../../shared/wire/plans.ts';
import type { Deps } from '../ports.ts';
import { by } from './entries.ts';
import { readEntry } from './entryText.ts';
import { actionsOf } from './kinds.ts';
import { planFor } from './refusals.ts';
import { didOf, sectionFor, shownFacts, type Knows } from './sentences.ts';
import { entriesLike, namesOf, type StoredEntry } from './store.ts';
import { cursorOf, filterOf, namedBy } from './trail.ts';

const hl7 = (name: string): string => `http://terminology.hl7.org/CodeSystem/${name}`;
const interactions = 'http://hl7.org/fhir/restful-interaction';
const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const nhsNumberSystem = 'https://fhir.nhs.uk/Id/nhs-number';

/** The export, newest first. Refusals: not-found, not-allowed, bad-request, invalid. */
export async function exportTrail(deps: Deps, actor: Actor, planId: PlanId, query: AuditQuery): Promise<Result<AuditEventBundle>> {
  const allowed = await planFor(deps, actor, planId, 'read-audit', { action: 'export-audit' });
  if (!allowed.ok) return allowed;
  const [cursor, filter] = [cursorOf(query.cursor), filterOf(query, actor, allowed.value.plan)];
  if (!cursor.ok) return cursor;
  if (!filter.ok) return filter;
  await deps.recordAccess({ ...by(actor), action: 'export-audit', outcome: 'done', plan: planId });
  const found = filter.value === 'nothing' ? [] : await entriesLike(deps.db, planStream(planId), filter.value, cursor.value, limits.exportEntriesMax + 1);
  const page = found.slice(0, limits.exportEntriesMax);
  const read = page.flatMap((stored) => {
    const entry = readEntry(stored.entry);
    return entry ? [{ stored, entry }] : [];
  });
  const name = namedBy(await namesOf(deps.db, [...new Set(read.flatMap(({ entry: { actor: { id, org }, ref } }) => [id, org ?? id, String(ref?.['organisation'] ?? id)]))]));
  const house = new URL(deps.settings.publicUrl);
  const tell = { house, planId, nhsNumber: allowed.value.plan.nhsNumber, name, knows: (section: Section) => knowsSection(actor, allowed.value.plan, section) };
  const last = page.at(-1);
  return ok({
    resourceType: 'Bundle', type: 'collection', timestamp: deps.clock.now().toISOString(),
    ...(found.length > page.length && last ? { link: [{ relation: 'next', url: `${house.origin}/api/plans/${planId}/audit/fhir?cursor=${last.seq}` }] } : {}),
    entry: read.map(({ stored, entry }) => ({ fullUrl: `urn:uuid:${uuidOf(stored.hash)}`, resource: auditEvent(stored, entry, tell) })),
  });
}

interface Told {
  readonly house: URL;
  readonly planId: PlanId;
  readonly nhsNumber: string;
  readonly name: (id: string) => string;
  readonly knows: Knows;
}

/** One entry as an AuditEvent. */
export function auditEvent(stored: StoredEntry, entry: AuditEntry, told: Told) {
  const { code, action } = interactionOf(entry.action);
  const purpose = entry.purpose ?? purposeOf(entry.actor.role);
  const refused = entry.outcome === 'refused';
  const person = entry.actor.id !== 'system';
  const host = { identifier: { value: told.house.host }, display: 'Accord' };
  return {
    resourceType: 'AuditEvent', id: stored.hash.toString('hex'),
    ...(person ? { contained: [actorAs(entry, told)] } : {}),
    type: { system: hl7('audit-event-type'), code: 'rest', display: 'RESTful Operation' },
    subtype: [{ system: interactions, code }],
    action, recorded: entry.at, outcome: refused ? '4' : '0',
    outcomeDesc: didOf(entry, told.name, told.knows),
    ...(purpose === undefined ? {} : { purposeOfEvent: [{ coding: [{ system: hl7('v3-ActReason'), code: reasons[purpose] }], text: purposeWords[purpose] }] }),
    agent: [
      ...(person ? [{
        type: { coding: [{ system: hl7('v3-ParticipationType'), code: action === 'R' ? 'IRCP' : 'AUT' }] }, role: [{ text: roleWords(entry) }], who: { reference: '#actor' },
        name: told.name(entry.actor.id), requestor: true,
      }] : []),
      // For a reading the service is where the data comes from, for a writing where it goes.
      { type: { coding: [{ system: dicom, code: action === 'R' ? '110153' : '110152' }] }, who: host, requestor: !person, network: { address: told.house.origin, type: '5' } },
    ],
    source: { site: told.house.host, observer: host, type: [{ system: hl7('security-source-type'), code: '4', display: 'Application Server' }] },
    entity: [
      { what: { type: 'Patient', identifier: { system: nhsNumberSystem, value: told.nhsNumber } }, type: { system: hl7('audit-entity-type'), code: '1', display: 'Person' }, role: { system: hl7('object-role'), code: '1', display: 'Patient' } },
      {
        what: { type: 'CarePlan', identifier: { system: `${told.house.origin}/plans`, value: told.planId } }, type: { system: hl7('audit-entity-type'), code: '2', display: 'System Object' },
        role: { system: hl7('object-role'), code: '4', display: 'Domain Resource' }, detail: detailsOf(stored, entry, told),
      },
    ],
  };
}

/** Person, role and organisation together: an AuditEvent's agent has no place for the last. */
const actorAs = (entry: AuditEntry, { house, name }: Told) => ({
  resourceType: 'PractitionerRole', id: 'actor',
  practitioner: { identifier: { system: `${house.origin}/people`, value: entry.actor.id }, display: name(entry.actor.id) },
  ...(entry.actor.org === undefined ? {} : { organization: { identifier: { system: `${house.origin}/organisations`, value: entry.actor.org }, display: name(entry.actor.org) } }),
  code: [{ text: roleWords(entry) }],
});

const roleWords = ({ actor: { role } }: AuditEntry): string => (role === undefined ? 'Not known' : (roleLabels[role as Role] ?? role));

function interactionOf(action: string): { readonly code: 'read' | 'create' | 'update' | 'operation'; readonly action: 'R' | 'C' | 'U' | 'E' } {
  if (action === 'create-plan' || action === 'sign-version') return { code: 'create', action: 'C' };
  if (actionsOf.looked.includes(action) || actionsOf.offline.includes(action)) return { code: 'read', action: 'R' };
  if ([...actionsOf.wrote, ...actionsOf.access, ...actionsOf.meeting].includes(action)) return { code: 'update', action: 'U' };
  return { code: 'operation', action: 'E' };
}

/** HL7 v3 ActReason: treatment, emergency treatment, health care operations, break the glass, patient requested. */
const reasons: Readonly<Record<Purpose, string>> = { 'direct-care': 'TREAT', 'emergency-care': 'ETREAT', 'oversight': 'HOPERAT', 'break-glass': 'BTG', 'own-record': 'PATRQT' };

/** Where the entry stands in its chain, and its further facts; never the hash of what was written. */
function detailsOf(stored: StoredEntry, entry: AuditEntry, { knows }: Told) {
  const { id: section } = sectionFor(entry, knows);
  const { action, ref } = shownFacts(entry, knows);
  const facts = { action, sequence: entry.seq, previous: entry.prev ?? '', hash: stored.hash.toString('hex'), ...(section === undefined ? {} : { section }), ...ref };
  return Object.entries(facts).filter(([, value]) => value !== '').map(([type, value]) => ({ type, valueString: String(value) }));
}

/** A UUID of version 8 (RFC 9562) from the entry's hash. */
function uuidOf(hash: Buffer): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
