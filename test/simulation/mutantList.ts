/** Deliberately broken builds: each one defect, as a piece of source that stands exactly once and what is put in its place. */

export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  /** Suites that are asked instead of the simulation, whose world cannot have this defect; paths for jest. */
  readonly suites?: readonly string[];
}

const contract = ['test/contract/planLog'];
/** Where the database's own part of a commit stands. */
const append = 'server/migrations/0011_sessions_that_write.sql';

export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledges before the commit', file: 'server/collab/session.ts',
    find: `        return this.#submit({ kind: 'barrier', channel, number: frame.number });`,
    put: `        return channel.send(Outgoing.frame(channel.sectionId, { kind: 'barrier-answer', number: frame.number, position: this.plan.seenTo }));`,
  },
  {
    name: 'shows before the commit', file: 'server/collab/decision.ts',
    find: `      if (verdict.fields.some((id) => factFields.has(id))) facts = { ...facts, ...factsIn(room, head) };`,
    put: `      room.broadcast(verdict.bytes);\n      if (verdict.fields.some((id) => factFields.has(id))) facts = { ...facts, ...factsIn(room, head) };`,
  },
  {
    name: 'answers a barrier while its changes are under way', file: 'server/collab/committer.ts',
    find: `    if (plan.discarded || !plan.enqueue(item)) return false;`,
    put: `    if (item.kind === 'barrier' && plan.waiting.length === 0) {\n      answerBarrier(plan, item);\n      return true;\n    }\n    if (plan.discarded || !plan.enqueue(item)) return false;`,
  },
  {
    name: 'does not ask whose client id it is', file: 'server/collab/gate.ts',
    find: `    if ((ownerOf(client) ?? authorId) !== authorId) return`,
    put: `    if (ownerOf(client) === '') return`,
  },
  {
    name: 'does not ask whether the author may write', file: 'server/collab/gate.ts',
    find: `  if (each.mayNot !== undefined) return refuse('not-allowed', each.mayNot);`,
    put: ``,
  },
  {
    name: 'takes what builds on something missing for known', file: 'server/collab/gate.ts',
    find: `  if (typeof claim === 'string') return unclaimed(claim);`,
    put: `  if (typeof claim === 'string') return { kind: 'nothing' };`, suites: ['test/unit/gate.test.ts'],
  },
  {
    name: 'believes a hint that is not the next', file: 'server/collab/fanout.ts',
    find: `row.position > plan.seenTo + 1 || `,
    put: ``,
  },
  {
    name: 'asks the log for missed rows once and never again', file: 'server/collab/fanout.ts',
    find: `        else this.#schedule();`,
    put: ``, suites: ['test/unit/liveNodeAlone'],
  },
  {
    name: 'takes a role for what it was when somebody connected', file: 'server/collab/session.ts',
    find: `    this.actor = actor;\n    for (const sectionId`,
    put: `    actor = this.actor;\n    for (const sectionId`, suites: ['test/unit/liveNodeAlone'],
  },
  {
    name: 'keeps the document of a commit that failed', file: 'server/collab/committer.ts',
    find: `  for (const room of plan.rooms.values()) room.goBack();`,
    put: `  for (const room of plan.rooms.values()) room.caughtUp(undefined);`,
  },
  {
    name: 'keeps the document that a refused change was tried on', file: 'server/collab/decision.ts',
    find: `    if (verdict.touched) room.restage(`,
    put: `    if (verdict.touched && room.section.id === '') room.restage(`, suites: ['test/unit/decision.test.ts'],
  },
  {
    name: 'says a commit again whose answer was lost', file: 'server/collab/committer.ts',
    find: `      const appended = await store.append(open.map(({ share }) => share));`,
    put: `      const appended = await store.append(open.map(({ share }) => share)).catch(async () => {
        const heads = new Map((await store.heads(open.map(({ plan }) => plan.id))).map((head) => [head.id, head]));
        return store.append(open.map(({ share }) => {
          const head = heads.get(share.head.id) ?? share.head;
          return { ...share, head, leases: [], rows: share.rows.map((row, index) => ({ ...row, position: head.position + index + 1 })) };
        }));
      });`,
  },
  {
    name: 'forgets to record a refused change', file: 'server/collab/decision.ts',
    find: `        refuse(item.room, item.channel.actor, refusal);`,
    put: ``,
  },
  {
    name: 'goes on judging what follows a refused change', file: 'server/collab/decision.ts',
    find: `        if (item.channel.barred || refusedChannels.has(item.channel.connection)) break;`,
    put: ``,
  },
  {
    name: 'puts together what different people wrote', file: 'server/collab/gathering.ts',
    find: `    const own = byChannel.get(item.channel);`,
    put: `    const own = [...byChannel].find(([, [first]]) => first?.room === item.room)?.[1];`,
  },
  {
    name: 'takes a copy for newer than it is', file: 'server/collab/checkpoints.ts',
    find: `  const { section, upTo: position } = room;`,
    put: `  const { section, upTo } = room;\n  const position = upTo + 1;`,
  },
  {
    name: 'forgets what was held back for a slow reader', file: 'server/collab/outbox.ts',
    find: `    for (const frame of merged(held)) this.#write(frame);`,
    put: `    for (const frame of merged(held)) if (frame.content.kind !== 'update') this.#write(frame);`,
  },
  {
    name: 'sends what was held back in any order', file: 'server/collab/outbox.ts',
    find: `    for (const frame of merged(held)) this.#write(frame);`,
    put: `    for (const frame of merged(held).toReversed()) this.#write(frame);`,
  },
  {
    name: 'passes over rows that came while a section was read', file: 'server/collab/openPlan.ts',
    find: `    for (let upTo = stored.head.position; upTo < this.seenTo;) {`,
    put: `    for (let upTo = stored.head.position; upTo < 0;) {`,
  },
  {
    name: 'passes over rows for a section that was opened meanwhile', file: 'server/collab/openPlan.ts',
    find: `      if (this.discarded || [...this.rooms.keys()].some((id) => !sections.includes(id))) continue;`,
    put: `      if (this.discarded) continue;`, suites: ['test/unit/liveNode'],
  },
  {
    name: 'shows a plan before its opening is recorded', file: 'server/collab/liveNode.ts',
    find: `    if (!(await this.#openings.stands(plan, actor))) session`,
    put: `    void this.#openings.stands(plan, actor);\n    if (actor.id.length === 0) session`,
  },
  {
    name: 'lets people in after it was asked to stop', file: 'server/collab/liveNode.ts',
    find: `    if (this.#stopping) return { kind: 'away', name: 'restarting' };`,
    put: ``, suites: ['test/unit/liveNode'],
  },
  {
    name: 'writes for whoever was a senior clinician a moment ago', file: append,
    find: `\n        AND people.senior_clinician = (item->>3)::boolean`,
    put: ``, suites: contract,
  },
  {
    name: 'commits twice at once for one plan', file: 'server/collab/committer.ts',
    find: `    if (plan.busy || plan.resting || plan.discarded || plan.waiting.length === 0) return;`,
    put: `    if (plan.resting || plan.discarded || plan.waiting.length === 0) return;`,
  },
  {
    name: 'drops what waits when a decision is no longer right', file: 'server/collab/committer.ts',
    find: `      plan.alone = true;\n      if (share) plan.putBack(share.items);`,
    put: `      plan.alone = share !== undefined;`,
  },
  {
    name: 'writes on a head that has moved', file: append,
    find: `plans.position = (share->>'position')::bigint AND `,
    put: ``, suites: contract,
  },
  {
    name: 'writes whatever happened to the plan meanwhile', file: append,
    find: ` AND plans.audit_seq = (share->>'auditSeq')::bigint`,
    put: ``, suites: contract,
  },
  {
    name: 'writes for whoever had a relationship until a moment ago', file: append,
    find: `coalesce(clock_timestamp() < to_timestamp((share->>'holdUntilMs')::float8 / 1000), true)\n      AND `,
    put: ``, suites: contract,
  },
  {
    name: 'writes for a session that has ended', file: append,
    find: ` AND sessions.ended_at IS NULL`,
    put: ``, suites: contract,
  },
  {
    name: 'writes for whoever has another role now', file: append,
    find: ` AND people.role = item->>1`,
    put: ``, suites: contract,
  },
  {
    name: 'waits for a plan that somebody holds', file: append,
    find: `FOR UPDATE SKIP LOCKED;`,
    put: `FOR UPDATE;`, suites: contract,
  },
  {
    name: 'uses a damaged copy', file: 'server/collab/readSections.ts',
    find: `copies.filter(({ whole }) => whole)`,
    put: `copies`, suites: contract,
  },
];
