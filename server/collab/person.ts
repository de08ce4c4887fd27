/** How a person appears to the others, as stamped on every presence. */
import { initials } from '../../shared/domain/names.ts';
import { personColour } from '../../shared/domain/personColour.ts';
import { roleLabels, type Actor } from '../../shared/domain/roles.ts';
import type { PresentUser } from '../../shared/wire/presence.ts';

export const presentUser = (actor: Actor, connection: string): PresentUser => ({
  id: actor.id, name: actor.name, initials: initials(actor.name), role: actor.role, roleLabel: roleLabels[actor.role],
  organisation: actor.organisation, color: personColour(actor.id), simulated: actor.simulated, connection,
});
