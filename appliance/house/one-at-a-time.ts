/**
 * Each begins when the one before has its answer. For what must stay true over several streams, such as that one active
 * administrator is left: a command is decided on its own stream alone, so two at once would each see the other's holder.
 */
export const oneAtATime = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
};
