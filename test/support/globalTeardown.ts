/** After all tests: the PostgreSQL that the set-up started is stopped and its folder removed. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.accordTestPostgres?.stop();
}
