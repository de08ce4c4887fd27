/** What day it is in London, re-read when the screen is drawn again. Deadlines are days there, wherever the reader sits. */
import { londonDate } from '../../shared/domain/dates.ts';

/** YYYY-MM-DD. */
export const today = (): string => londonDate(new Date());
