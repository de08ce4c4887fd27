/** Loaded into every server that is measured, beside it and never by it: on SIGUSR2 it collects what is garbage and says how much memory is left. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  // The second time takes what only the first one's finalisers let go.
  collect();
  setImmediate(() => {
    collect();
    process.stderr.write(`memory ${JSON.stringify(process.memoryUsage())}\n`);
  });
});
