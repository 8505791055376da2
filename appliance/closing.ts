export type Closing = () => Promise<unknown> | void;

/** Last opened, first closed; one that fails does not keep the others open. Rejects with the first failure at the end. */
export const closeAll = async (opened: readonly Closing[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const close of opened.toReversed()) {
    try {
      await close();
    } catch (cause) {
      failures.push(cause);
    }
  }
  if (failures.length > 0) throw failures[0];
};
