import type { House } from '#appliance/house/house.ts';
import { refuse, type Refusal } from '#src/kernel/refusal.ts';

/** The account behind a sign-in name. */
export const accountNamed = async ({ views, hub }: House, signInName: string): Promise<string | Refusal> => {
  const { value } = await views.ask('directory.credential', { signInName }, hub.position);
  return value?.account ?? refuse('not-found', `Nobody signs in as "${signInName}". "hansard account list" shows who does.`);
};
