/** First of all modules: schemas are checked as they are written, not by code that is put together at run time, which the page's policy forbids. */
import { config } from 'zod';

config({ jitless: true });
