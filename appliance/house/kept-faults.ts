const keptMax = 20;

/** What went wrong lately, newest last, for health; everything of it goes to the error output at once. */
export const keptFaults = (): { readonly faults: readonly string[]; readonly onFault: (cause: unknown) => void } => {
  const faults: string[] = [];
  return {
    faults,
    onFault: (cause) => {
      faults.push(cause instanceof Error ? cause.message : String(cause));
      if (faults.length > keptMax) faults.shift();
      console.error(cause);
    },
  };
};
