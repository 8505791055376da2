import type { Context, Next } from 'hono';
import { callerOfSession, callerOfToken } from '#appliance/house/sessions.ts';
import type { House } from '#appliance/house/house.ts';
import { signedOut, type Door } from '#src/doors/door.ts';

/**
 * A node that may have missed what others acknowledged lets nobody in: no call, no download, no new socket, no subscription
 * (ARCHITECTURE section 4). Where nobody else writes, none of this costs anything.
 */
export const whileCurrent = ({ currency, standing, clock, log }: House) => {
  /** Somebody may have signed in at another node a moment ago: a token is only unknown once this node has heard everything. */
  const heardOf = async (token: string | undefined): Promise<void> => {
    if (token !== undefined && callerOfToken(standing, token, clock()) === null) await currency.caughtUp().catch(() => undefined);
  };
  return {
    /** Before the session is looked at, so that the caller is judged by what is known after the wait. */
    http: (tokenOf: (context: Context) => string | undefined) => async (context: Context, next: Next): Promise<Response | undefined> => {
      if (!log.isShared) return void (await next());
      const refusal = await currency.refusal();
      if (refusal) return context.json({ code: refusal.code, sentence: refusal.sentence }, 503, { 'Cache-Control': 'no-store' });
      await heardOf(tokenOf(context));
      return void (await next());
    },
    /** For calls over a socket: whoever was judged before the wait is judged again. */
    door: (door: Door): Door => (!log.isShared ? door : {
      ...door,
      call: async (name, input, call) => {
        const refusal = await currency.refusal();
        if (refusal) return refusal;
        if (call.caller === null) return door.call(name, input, call);
        const caller = callerOfSession(standing, call.caller.session, clock());
        return caller === null ? signedOut : door.call(name, input, { ...call, caller });
      },
    }),
    /** False: not now. */
    upgrade: async (token: string | undefined): Promise<boolean> => {
      if (!log.isShared) return true;
      if (await currency.refusal()) return false;
      await heardOf(token);
      return true;
    },
  };
};
