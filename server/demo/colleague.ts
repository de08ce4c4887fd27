/** One simulated colleague at work in one plan: stands somewhere, types a sentence letter by letter, makes a choice, moves on. */
import { practiceMark } from '../../shared/content/signOffRules.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { closeCodes } from '../../shared/wire/close.ts';
import { Visitor, type Pen, type VisitorOptions } from '../collab/visitor.ts';
import type { Clock } from '../ports.ts';
import { spotsFor } from './script.ts';

/** A number from 0 up to, and not including, 1. */
export type Chance = () => number;

/** The same chances for the same seed, so that a practice can be repeated exactly. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface ColleagueOptions extends VisitorOptions {
  readonly actor: Actor;
  readonly plan: PlanFacts;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Whether this one changes choices too. One of a group does: of two who overwrite each other neither could put back what was there before. */
  readonly chooses: boolean;
}

export interface Colleague {
  readonly actor: Actor;
  /** Resolves with true when the colleague left tidily, false when the line was lost and something may be left behind. */
  readonly gone: Promise<boolean>;
  /** True as soon as the colleague has begun to leave or has been cut off. */
  readonly hasLeft: boolean;
  /** Takes back what was written and leaves. Harmless when gone already. */
  leave(): Promise<void>;
}

/** Milliseconds between two letters, and of looking round between two things to do. */
const letterMs = { least: 45, most: 170 } as const;
const lookRoundMs = { least: 1_200, most: 4_500 } as const;

/** Opens the plan and goes to work. Rejects when the plan cannot be opened. */
export async function startColleague(options: ColleagueOptions): Promise<Colleague> {
  const { actor, plan, clock, chance } = options;
  const visitor = new Visitor(options);
  const spots = spotsFor(actor, plan).filter(({ does }) => options.chooses || does.kind === 'write');
  // Standing in the first section of all is how everybody sees who has the plan open.
  const entrance = await visitor.enter('identity');
  entrance.stand({});

  let leaving: Promise<void> | undefined;
  let next: { cancel(): void } | undefined;
  const later = (range: { readonly least: number; readonly most: number }, work: () => Promise<void> | void): void => {
    if (leaving) return;
    next = clock.after(range.least + Math.floor(chance() * (range.most - range.least)), () => {
      Promise.resolve(leaving ? undefined : work()).catch(() => leave());
    });
  };
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(chance() * from.length)];

  async function goSomewhere(): Promise<void> {
    const spot = pick(spots);
    if (!spot) return;
    const section = await visitor.enter(spot.section.id);
    if (leaving) return;
    const stand = (where: { field?: string } | null): void => section.stand(where);
    stand({ field: spot.field.id });
    if (spot.does.kind === 'write') {
      const sentence = pick(spot.does.sentences) ?? '';
      return later(lookRoundMs, () => {
        const pen = section.paragraph(spot.field);
        // The mark in one go: half a mark would not be known again as practice.
        pen.write(`${practiceMark} `);
        typeOn(pen, sentence, stand);
      });
    }
    const { values } = spot.does;
    later(lookRoundMs, () => {
      section.choose(spot.field, pick(values));
      moveOn(stand);
    });
  }

  function typeOn(pen: Pen, rest: string, stand: (where: null) => void): void {
    pen.write(rest.slice(0, 1));
    if (rest.length > 1) later(letterMs, () => typeOn(pen, rest.slice(1), stand));
    else moveOn(stand);
  }

  function moveOn(stand: (where: null) => void): void {
    later(lookRoundMs, () => {
      stand(null);
      return goSomewhere();
    });
  }

  function leave(): Promise<void> {
    leaving ??= (async () => {
      next?.cancel();
      await visitor.leave();
    })();
    return leaving;
  }

  later(lookRoundMs, goSomewhere);
  let cutOff = false;
  const gone = visitor.closed.then((code) => {
    next?.cancel();
    cutOff = true;
    // Refused while leaving (somebody recorded a death meanwhile): what was to be taken back is still there.
    return leaving !== undefined && code !== closeCodes.refused;
  });
  return { actor, leave, gone, get hasLeft() { return leaving !== undefined || cutOff; } };
}
