/** The invented patients of the demo, in the order they are made. */
import type { MakePatient } from '../patient.ts';
import { albertFinch } from './albertFinch.ts';
import { davidPenrose } from './davidPenrose.ts';
import { ednaBrightwell } from './ednaBrightwell.ts';
import { estherQuayle } from './estherQuayle.ts';
import { georgeTilling } from './georgeTilling.ts';
import { hasinaChoudhury } from './hasinaChoudhury.ts';
import { jamieHolloway } from './jamieHolloway.ts';
import { kevinMarsh } from './kevinMarsh.ts';
import { lindaProctor } from './lindaProctor.ts';
import { maureenAshby } from './maureenAshby.ts';
import { mohinderGill } from './mohinderGill.ts';
import { patriciaDoyle } from './patriciaDoyle.ts';
import { ronaldKeeble } from './ronaldKeeble.ts';
import { susanFairley } from './susanFairley.ts';
import { victorNwosu } from './victorNwosu.ts';
import { winifredHale } from './winifredHale.ts';

export const demoPatients: readonly MakePatient[] = [
  maureenAshby, georgeTilling, winifredHale, davidPenrose, ednaBrightwell, ronaldKeeble, susanFairley, hasinaChoudhury,
  estherQuayle, victorNwosu, kevinMarsh, jamieHolloway, mohinderGill, albertFinch, patriciaDoyle, lindaProctor,
];
