/** Before the browser tests: the screen is built once, so that the services which each worker starts need not do it side by side. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

// As its own process: a test run's environment must not decide whether React is built for production.
const e2eSetup = async (): Promise<void> => {
  const { NODE_ENV: _, ...env } = process.env;
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'client/build.ts'], { cwd: root, env });
};
export default e2eSetup;
