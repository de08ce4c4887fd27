/** Waits for a condition instead of sleeping: asks again and again until it holds, and fails with its last complaint. */
export async function eventually<T>(condition: () => T | Promise<T>, deadlineMs = 10_000): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await condition();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
}
