/** The service's log: JSON lines on standard output, never anything about a patient. */
import pino, { type Logger } from 'pino';
import { z } from 'zod';

export const createLog = (level: string, nodeId: string): Logger =>
  pino({ level, base: { node: nodeId }, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } });

const coded = z.object({ code: z.string().optional(), constraint: z.string().optional(), table: z.string().optional(), severity: z.string().optional() });

/**
 * An error as it may be written down: what it is and where it came from. Messages of the database and of parsers quote the data
 * they choke on, so those stay out.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : { name: typeof error };
  const { code, constraint, table, severity } = coded.safeParse(error).data ?? {};
  const quotes = severity !== undefined || error instanceof SyntaxError || error instanceof z.ZodError;
  return {
    name: error.name,
    ...(quotes ? {} : { message: error.message.slice(0, 300) }),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    at: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 12).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
