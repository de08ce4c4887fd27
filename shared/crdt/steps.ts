/** Long work in steps, so that whoever does it can let other work have its turn between them. */
export type Steps<Result> = Generator<void, Result>;

/** All steps in one go. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
