/** Meetings over HTTP: list, make, read, minutes. Everything live goes over the gateway. */
import { z } from 'zod';
import { house, may } from '../../shared/domain/access.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { limits } from '../../shared/limits.ts';
import { ok, type Result } from '../../shared/refusal.ts';
import { invitable, meetingList, meetingState, minutes, newMeeting, type MeetingState } from '../../shared/wire/meetings.ts';
import { signedIn, type Route } from '../http/route.ts';
import type { Deps } from '../ports.ts';
import { actorsById, colleaguesOf } from './attendanceStore.ts';
import { createMeeting } from './commands.ts';
import { minutesOf, recordShown } from './minutes.ts';
import { presentList, presentMeeting, presentWho } from './present.ts';
import { openMeeting, type MeetingRecord } from './record.ts';
import { meetingsNear, plansOfMeetings } from './store.ts';

/** The routes of contract and screens about meetings. */
export function meetingRoutes(deps: Deps): Route[] {
  /** The meeting for this reader, once it stands in the trail of each plan that it shows. */
  async function shown(actor: Actor, opened: Result<MeetingRecord>): Promise<Result<MeetingState>> {
    if (!opened.ok) return opened;
    await recordShown(deps.db, opened.value, actor, 'read-meeting');
    return ok(presentMeeting(opened.value, actor));
  }

  return [
    signedIn({
      method: 'get', path: '/api/meetings', summary: 'Meetings that this person may see', answer: meetingList,
      handle: async ({ actor }) => {
        const permit = may(actor, 'see-meetings', house);
        if (!permit.ok) return permit;
        const meetings = await meetingsNear(deps.db, actor, limits.pageSize);
        const plans = await plansOfMeetings(deps.db, meetings.map(({ id }) => id));
        const chairs = await actorsById(deps.db, meetings.map(({ chairId }) => chairId));
        return ok({ items: presentList(meetings, plans, chairs, actor) });
      },
    }),
    signedIn({
      method: 'post', path: '/api/meetings', summary: 'Plan a meeting; the agenda is put into order', body: newMeeting, answer: meetingState, status: 201,
      handle: async ({ actor, cookieHeader, body }) => {
        const made = await createMeeting(deps, { actor, cookieHeader }, body);
        if (!made.ok) return made;
        const opened = await openMeeting(deps.db, actor, made.value);
        return shown(actor, opened);
      },
    }),
    signedIn({
      method: 'get', path: '/api/meetings/people', summary: 'Whom this person may invite', answer: invitable,
      handle: async ({ actor }) => {
        const permit = may(actor, 'create-meeting', house);
        if (!permit.ok) return permit;
        const colleagues = await colleaguesOf(deps.db, actor.organisationId);
        return ok({ people: colleagues.filter((person) => may(person, 'see-meetings', house).ok).map(presentWho) });
      },
    }),
    signedIn({
      method: 'get', path: '/api/meetings/:meetingId', summary: 'A meeting as it stands', query: z.object({}), answer: meetingState,
      handle: async ({ actor, params }) => {
        const opened = await openMeeting(deps.db, actor, params['meetingId'] ?? '');
        return shown(actor, opened);
      },
    }),
    signedIn({
      method: 'get', path: '/api/meetings/:meetingId/minutes', summary: 'The minutes, computed from what was recorded', query: z.object({}), answer: minutes,
      handle: async ({ actor, params }) => minutesOf(deps, actor, params['meetingId'] ?? ''),
    }),
  ];
}
