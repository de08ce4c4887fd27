/** Tests run from TypeScript as it stands; documents and sockets come from the CommonJS builds, one copy each. */
const compile = ['@swc/jest', { jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2022', transform: { react: { runtime: 'automatic' } } }, module: { type: 'commonjs' } }];

export default {
  testMatch: ['<rootDir>/test/{unit,contract,integration,security,simulation,faults}/**/*.test.ts', '<rootDir>/test/*.test.ts'],
  // The sign-in library and what it stands on come as ES modules only.
  transform: { '^.+\\.tsx?$': compile, '/node_modules/(openid-client|oauth4webapi|jose)/.+\\.js$': compile },
  transformIgnorePatterns: ['/node_modules/(?!(openid-client|oauth4webapi|jose)/)'],
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/globalSetup.ts',
  globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
  testTimeout: 30_000,
  forceExit: true,
};
