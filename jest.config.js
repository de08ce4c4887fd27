/** Tests run from TypeScript as it stands; documents and sockets come from the CommonJS builds, one copy each. */
export default {
  testMatch: ['<rootDir>/test/{unit,contract,integration,security,simulation,faults}/**/*.test.ts', '<rootDir>/test/*.test.ts'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2022', transform: { react: { runtime: 'automatic' } } }, module: { type: 'commonjs' } }] },
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/globalSetup.ts',
  globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
  testTimeout: 30_000,
  forceExit: true,
};
