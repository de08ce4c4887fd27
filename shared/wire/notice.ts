/** Notices (message type 122): JSON said to sockets that have asked for saved barriers. */
import { z } from 'zod';

export const notice = z.discriminatedUnion('kind', [
  /** An update was refused whole; nothing of it was applied. The socket closes with 4403 after this. */
  z.object({ kind: z.literal('refused'), section: z.string(), code: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('access-changed') }),
  /** More waits to be saved than the service can write at once: gather what you send. */
  z.object({ kind: z.literal('slow-down') }),
  z.object({ kind: z.literal('signed'), number: z.number().int(), position: z.number().int(), by: z.string(), at: z.string() }),
  /** Somebody's change was committed: for the activity list and the flash on the field. Only for sections the socket has open. */
  z.object({
    kind: z.literal('changed'), section: z.string(), fields: z.array(z.string()), position: z.number().int(), at: z.string(),
    by: z.object({ id: z.string(), name: z.string(), role: z.string() }),
  }),
]);
export type Notice = z.infer<typeof notice>;
