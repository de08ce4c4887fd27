/** A referral of today: who she is and what she has, nothing else yet. */
import { identity, planId, type DemoTeam, type MakePatient } from '../patient.ts';
import { phone } from '../rows.ts';

const team: DemoTeam = { gp: 'osei', nurse: 'reid', hospice: 'forsberg', coordinator: 'carter' };

export const lindaProctor: MakePatient = () => ({
  planId: planId('linda-proctor'),
  team,
  answers: {
    ...identity('osei', '999245713', {
      family: 'Proctor', given: 'Linda', born: '1957-03-08', gender: 'female', address: '16 Tanner’s Yard\nNorthmere\nNM2 6DW', ethnicity: 'A', phones: [phone('mobile', '07700 900231')],
    }),
  },
  steps: [],
});
