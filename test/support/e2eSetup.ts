/** Before the browser tests: one real service with its demo, on a free port and a data folder of its own; stopped afterwards. */
import { startProduct } from './product.ts';

/** ACCORD_URL, when set, is a service that runs already. */
const e2eSetup = async (): Promise<(() => Promise<void>) | undefined> => {
  if (process.env['ACCORD_URL']) return undefined;
  const product = await startProduct({ env: { LOG_LEVEL: 'warn' } });
  process.env['ACCORD_URL'] = product.url;
  return () => product.dispose();
};
export default e2eSetup;
