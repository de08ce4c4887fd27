/** Frames survive the wire and nonsense does no harm. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { writeUpdate } from 'y-protocols/sync';
import { limits } from '../../shared/limits.ts';
import { decodeFrames, decodeFromClient, encodeBarrier, encodeFrame, keepAliveFrame, splitSection, withSection, type ClientFrame, type ServerFrame } from '../../shared/crdt/frame.ts';

const bytes = fc.uint8Array({ maxLength: 200 });
const whole = fc.nat({ max: 2 ** 31 });
const shared = fc.oneof(
  bytes.map((stateVector) => ({ kind: 'step1' as const, stateVector })),
  bytes.map((update) => ({ kind: 'step2' as const, update })),
  bytes.map((update) => ({ kind: 'update' as const, update })),
  bytes.map((update) => ({ kind: 'awareness' as const, update })),
);
const fromClient: fc.Arbitrary<ClientFrame> = fc.oneof(shared, fc.constant({ kind: 'query-awareness' as const }), whole.map((number) => ({ kind: 'barrier' as const, number })));
const fromServer: fc.Arbitrary<ServerFrame> = fc.oneof(
  shared,
  fc.tuple(whole, whole).map(([number, position]) => ({ kind: 'barrier-answer' as const, number, position })),
  fc.jsonValue().map((value) => ({ kind: 'notice' as const, value: JSON.parse(JSON.stringify(value)) as unknown })),
  fc.string().map((reason) => ({ kind: 'denied' as const, reason })),
);
const joined = (frames: readonly Uint8Array[]): Uint8Array => Uint8Array.from(frames.flatMap((frame) => [...frame]));

describe('frames', () => {
  test('[CR11] what either side says is what the other reads, several messages in one frame too', () => {
    fc.assert(fc.property(fc.array(fromClient, { minLength: 1, maxLength: 4 }), (frames) => expect(decodeFromClient(joined(frames.map(encodeFrame)))).toEqual(frames)));
    fc.assert(fc.property(fc.array(fromServer, { minLength: 1, maxLength: 4 }), (frames) => expect(decodeFrames(joined(frames.map(encodeFrame)))).toEqual(frames)));
  });

  test('[CR12] the section goes before the frame and comes off again', () => {
    fc.assert(fc.property(fc.string({ maxLength: 40 }), bytes.filter((each) => each.length > 0), (section, frame) => expect(splitSection(withSection(section, frame))).toEqual({ section, frame })));
  });

  test('[CR11] a payload of any length is spelled as the protocol library spells it', () => {
    for (const length of [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152]) {
      const update = new Uint8Array(length).fill(7);
      const asLibrary = encoding.encode((encoder) => {
        writeUpdate(encoder, update);
      });
      expect(Buffer.from(encodeFrame({ kind: 'update', update })).equals(Buffer.concat([Uint8Array.of(0), asLibrary]))).toBe(true);
    }
  });

  test('[CR13] no bytes whatever make decoding throw, and a frame cut short is not read', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
      for (const read of [decodeFromClient, decodeFrames, splitSection]) expect(() => read(noise)).not.toThrow();
    }), { numRuns: 2_000 });
    const frame = encodeFrame({ kind: 'update', update: Uint8Array.of(1, 2, 3) });
    for (let length = 0; length < frame.length; length += 1) expect(decodeFromClient(frame.slice(0, length))).toBeUndefined();
    expect(decodeFromClient(Uint8Array.of(99))).toBeUndefined();
    expect(decodeFromClient(Uint8Array.of(0, 3, 0))).toBeUndefined();
  });

  test('[GA25] A44 a frame of thousands of questions, numbers without end and text that is no text are not read', () => {
    const questions = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => 3);
    expect(decodeFromClient(questions(limits.messagesPerFrameMax))).toHaveLength(limits.messagesPerFrameMax);
    for (const count of [limits.messagesPerFrameMax + 1, 65_536]) expect(decodeFromClient(questions(count))).toBeUndefined();
    const endless = (...bytes: number[]): Uint8Array => Uint8Array.of(121, ...bytes);
    expect(decodeFromClient(endless(...Array.from({ length: 400 }, () => 0x80), 0))).toBeUndefined();
    expect(decodeFromClient(endless(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0))).toBeUndefined();
    expect(decodeFromClient(endless(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f))).toEqual([{ kind: 'barrier', number: Number.MAX_SAFE_INTEGER }]);
    expect(decodeFromClient(endless(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f))).toBeUndefined();
    expect(splitSection(Uint8Array.of(3, 0xed, 0xa0, 0x80, 3))).toBeUndefined();
    expect(decodeFromClient(Uint8Array.of(0, 2, 200, 1, 0))).toBeUndefined();
  });

  test('[CR14] types and numbers on the wire are those that are published', () => {
    expect([...keepAliveFrame]).toEqual([1, 1, 0]);
    expect([...encodeBarrier(300)]).toEqual([121, 0xac, 0x02]);
    expect([...encodeFrame({ kind: 'barrier-answer', number: 1, position: 2 })]).toEqual([121, 1, 2]);
    expect(encodeFrame({ kind: 'notice', value: {} })[0]).toBe(122);
  });
});
