/** How a command of an operator ends: 0 when it did what was asked, 1 when not, with one plain line of why. */

/** The first line of what was thrown: what people are told. */
export const plainLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** Runs the command and ends the process with it; a command that answers false ends with 1 as well. */
export function runCommand(work: Promise<boolean>): void {
  work.then(
    (well) => process.exit(well ? 0 : 1),
    (error: unknown) => {
      process.stderr.write(`${plainLine(error)}\n`);
      process.exit(1);
    },
  );
}
