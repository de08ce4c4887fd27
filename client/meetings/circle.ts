/** The meeting on screen as `may` is asked about it. Whoever is shown the room is of it: that they see it was decided by the service. */
import type { MeetingCircle } from '../../shared/domain/meetingCircle.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId } from '../../shared/ids.ts';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import type { Session } from '../data/session.ts';

export const circleOnScreen = ({ chair }: MeetingState, me: Session['person']): MeetingCircle =>
  ({ chairId: chair.id as PersonId, createdBy: chair.id as PersonId, invited: [me.id as PersonId], plans: [] });

/** Nothing about a meeting depends on organisation or seniority. */
export const actorOnScreen = (me: Session['person']): Actor =>
  ({ ...me, id: me.id as PersonId, organisationId: '' as OrganisationId, seniorClinician: false, simulated: false });
