/** Before any test: one PostgreSQL for the whole run, unless the run was given one already. */
import { startTestPostgres, type TestPostgres } from './postgres.ts';

declare global {
  var accordTestPostgres: TestPostgres | undefined;
}

export default async function globalSetup(): Promise<void> {
  if (process.env['TEST_POSTGRES_URL']) return;
  const postgres = await startTestPostgres();
  globalThis.accordTestPostgres = postgres;
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  process.env['TEST_POSTGRES_TEMPLATE'] = postgres.template;
}
