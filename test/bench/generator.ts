/** The load, in a process of its own: does what it is ordered over its channel, one order at a time, and says what came of it. */
import { cutEverybody } from './crew.ts';
import { saturate, steady } from './live.ts';
import { fill, leave, open } from './opening.ts';
import type { Content, FromGenerator, Order, Outcome, ToGenerator } from './orders.ts';

let content: Content = { sections: {}, whole: '' };
const say = (message: FromGenerator): void => void (process.connected && process.send?.(message));

function carryOut(order: Order): Promise<Outcome> {
  const stage = { content, say: (kind: 'measuring' | 'measured') => say({ kind }) };
  switch (order.kind) {
    case 'steady': return steady(order, stage);
    case 'saturation': return saturate(order, stage);
    case 'opening': return open(order, stage);
    case 'fill': return fill(order);
    case 'leave': return leave();
  }
}

process.on('message', (message: ToGenerator) => {
  if (message.kind === 'content') {
    content = message.content;
    return;
  }
  carryOut(message.order).then(
    (outcome) => say({ kind: 'done', outcome }),
    (error: unknown) => {
      cutEverybody();
      say({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
    },
  );
});
process.on('disconnect', () => process.exit(0));
say({ kind: 'ready' });
