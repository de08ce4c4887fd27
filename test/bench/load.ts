/** The other end of the load's process: gives it orders and takes processor time at the moments that it names. */
import { fork } from 'node:child_process';
import path from 'node:path';
import type { Content, FromGenerator, Order, Outcome, ToGenerator } from './orders.ts';
import { familySeconds, processorSeconds, root } from './processes.ts';

export interface Cost {
  readonly server: number;
  readonly postgres: number;
}
export interface Load {
  /** Carries the order out; `cost` is what the server and PostgreSQL used of the processors while it was measured. */
  order(order: Order, server: number, postgres: number): Promise<{ readonly outcome: Outcome; readonly cost: Cost }>;
  stop(): void;
}

const orderDeadlineMs = 10 * 60_000;

export async function startLoad(content: Content): Promise<Load> {
  const child = fork(path.join(root, 'test', 'bench', 'generator.ts'), [], { cwd: root, execArgv: ['--import', 'tsx'] });
  const tell = (message: ToGenerator): void => void child.send(message);
  const heard = (take: (message: FromGenerator) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const overdue = setTimeout(() => end(() => reject(new Error('the load did not answer'))), orderDeadlineMs);
      const end = (then: () => void): void => {
        clearTimeout(overdue);
        child.off('message', hear);
        child.off('exit', gone);
        then();
      };
      const gone = (): void => end(() => reject(new Error('the load ended')));
      const hear = (message: FromGenerator): void => {
        if (message.kind === 'failed') end(() => reject(new Error(message.why)));
        else if (take(message)) end(resolve);
      };
      child.on('message', hear);
      child.once('exit', gone);
    });
  await heard(({ kind }) => kind === 'ready');
  tell({ kind: 'content', content });
  return {
    order: async (order, server, postgres) => {
      const now = (): Cost => ({ server: processorSeconds(server), postgres: familySeconds(postgres) });
      let [before, after] = [now(), now()];
      let outcome: Outcome | undefined;
      const done = heard((message) => {
        if (message.kind === 'measuring') before = now();
        if (message.kind === 'measured') after = now();
        if (message.kind === 'done') outcome = message.outcome;
        return message.kind === 'done';
      });
      tell({ kind: 'order', order });
      await done;
      return { outcome: outcome as Outcome, cost: { server: after.server - before.server, postgres: after.postgres - before.postgres } };
    },
    stop: () => void child.kill(),
  };
}
