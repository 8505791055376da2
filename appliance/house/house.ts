import { join } from 'node:path';
import { openViews, type Views } from '#projections/views.ts';
import type { StandingFold } from '#src/accounts/standing-fold.ts';
import type { World } from '#src/accounts/standing.ts';
import type { Call, Caller } from '#src/doors/door.ts';
import { Hub } from '#src/doors/socket/hub.ts';
import { systemClock, type Clock } from '#src/kernel/clock.ts';
import type { Actor } from '#src/kernel/event.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import type { Refusal } from '#src/kernel/refusal.ts';
import type { Acting, Permit, UseCase } from '#src/kernel/use-case.ts';
import type { Desk, HandleOptions } from '#src/log/desk/desk.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';
import type { EventLog, Following } from '#src/log/event-log.ts';
import type { Instant } from '../instant/instant.ts';
import { NatsBus } from '../bus/nats-bus.ts';
import { VirusCheck } from '../clamd/virus-check.ts';
import { closeAll, type Closing } from '../closing.ts';
import { openInvitations } from '../mail/open-invitations.ts';
import { openMeetings, type MeetingKeeper } from '../meetings/meeting-keeper.ts';
import { keyPlacesOf, placesIn, type Config } from '../config.ts';
import type { Turn } from '../turn/turn.ts';
import { openLinkPreviews } from '../links/open-link-previews.ts';
import { Alarms } from './alarms.ts';
import { beginRecord } from './begin-record.ts';
import { watchClock } from './clock-watch.ts';
import { openCalls } from './calls.ts';
import { Currency } from './currency.ts';
import { deskPorts } from './desk-ports.ts';
import { FlushTimes } from './flush-times.ts';
import { fedOf, followLog } from './follower.ts';
import { openFoundation, type Foundation } from './foundation.ts';
import { HouseDesk } from './house-desk.ts';
import { openInstantSearch } from './instant-search.ts';
import type { Lease } from './lease.ts';
import { keptFaults } from './kept-faults.ts';
import { Passwords } from './passwords.ts';
import { ProcessManagers } from './process-managers.ts';
import { RefusedSignIns } from './refused-sign-ins.ts';
import { hubPorts } from './hub-ports.ts';
import { sealerOf } from './sealer.ts';
import { standingAtStart } from './standing-at-start.ts';
import { SignInThrottle } from './sign-in-throttle.ts';

export type House = Foundation & {
  readonly config: Config;
  readonly clock: Clock;
  readonly views: Views;
  readonly standing: StandingFold;
  readonly world: World;
  readonly desk: Desk;
  readonly hub: Hub;
  readonly passwords: Passwords;
  readonly throttle: SignInThrottle;
  /** Positions of events that no writer of ours made. */
  readonly foreign: ReadonlySet<number>;
  /** What others did to the log in its database. */
  readonly alarms: Alarms;
  readonly processManagers: ProcessManagers;
  readonly refusedSignIns: RefusedSignIns;
  readonly flushTimes: FlushTimes;
  /** Find-as-you-type, where it is set up. */
  readonly instant: Instant | undefined;
  /** Which of the appliances on one log writes its index. */
  readonly lease: Lease | undefined;
  /** Judges files before they are shared, where it is set up. */
  readonly virusCheck: VirusCheck | undefined;
  /** Between appliances on one log, where it is set up. */
  readonly bus: NatsBus | undefined;
  /** How current this node is, where others write too. */
  readonly currency: Currency;
  /** ICE servers for connections of calls, the relay in the box among them. */
  readonly turn: Turn;
  /** Meetings that are not over. */
  readonly meetings: MeetingKeeper;
  /** Undefined while the follower runs; else why it ended. */
  readonly following: () => string | undefined;
  /** What went wrong lately, newest last; health shows it. */
  readonly faults: readonly string[];
  readonly onFault: (cause: unknown) => void;
  /** For a signed-in person: who acts, through the web. */
  readonly acting: (call: Call & { readonly caller: Caller }) => Acting;
  /** One command of a signed-in person. */
  readonly command: <I, S, P extends Permit>(useCase: UseCase<I, S, P, World>, input: I, call: Call & { readonly caller: Caller }, options?: HandleOptions) => Promise<Handled | Refusal>;
  /** One command of the appliance itself, the operator or an import. */
  readonly commandAs: <I, S, P extends Permit>(actor: Actor, useCase: UseCase<I, S, P, World>, input: I, options?: HandleOptions & { readonly commandId?: string; readonly at?: number }) => Promise<Handled | Refusal>;
  readonly close: () => Promise<void>;
};

const doorOf = { account: 'web', guest: 'web', external: 'xmpp', import: 'import', system: 'system', operator: 'cli' } as const;

/** Opens everything behind the doors: log, keys, views, desk, follower, process managers. Rejects with a `Fault` that names what is wrong. */
export const openHouse = async (config: Config, clock: Clock = systemClock): Promise<House> => {
  const alarms = new Alarms();
  const foundation = await openFoundation(config, clock, alarms.raise);
  const opened: Closing[] = [() => foundation.keyring.close(), () => foundation.log.close()];
  try {
    return await furnish(config, clock, foundation, alarms, opened);
  } catch (cause) {
    // Nothing may keep a process alive, or the lock of the log held, that does not serve.
    await closeAll(opened).catch(() => undefined);
    throw cause;
  }
};

const furnish = async (config: Config, clock: Clock, foundation: Foundation, alarms: Alarms, opened: Closing[]): Promise<House> => {
  const { keyring, logId, logFile } = foundation;
  const flushTimes = new FlushTimes();
  const log = flushTimes.over(foundation.log);
  const { faults, onFault } = keptFaults();
  const foreign = new Set<number>();
  const processManagersReady = Promise.withResolvers<ProcessManagers>();
  const views = await openViews({ folder: join(config.dataFolder, 'views'), logFile, keyring: { module: new URL('../keys/keyring-reader.ts', import.meta.url).href, places: keyPlacesOf(config) }, logId, queryThreads: 2 });
  // Views are closed before the log, whose file they read.
  opened.push(() => views.close());
  views.onForeign((found) => {
    for (const { position } of found) foreign.add(position);
    void processManagersReady.promise.then((managers) => Promise.all(found.map((one) => managers.foreignFound(one))));
  });
  // Before its size: everything acknowledged by then is in what is read now.
  const startedFrom = log.currentAsOf();
  const { size } = await log.head();
  const sealer = sealerOf(logId, keyring, clock, log.isShared ? foreign : undefined);
  const standing = await standingAtStart(size, { views, log, open: sealer.open, foreign, clock, onFault });
  const world: World = { standing };
  let followingEnded: string | undefined;
  const currency = new Currency(log, () => hub.position, startedFrom);
  const desk = new HouseDesk(deskPorts(log, views, standing, sealer, foreign, () => ({ position: hub.position, ended: followingEnded }), { keysStopped: keyring.stopped, currency }), world);
  const bus = config.bus && new NatsBus({ address: config.bus, logId, logSecret: keyring.logSecret, clock, onFault });
  if (bus) opened.push(() => bus.close());
  const hub = new Hub(hubPorts(views, world, clock, () => currency.behind() !== undefined, onFault), size - 1, bus);
  const commandAs: House['commandAs'] = (actor, useCase, input, { commandId = uuidv4(), at = clock(), ...options } = {}) =>
    desk.handle(useCase, { acting: { actor, at, door: doorOf[actor.kind] }, commandId, input }, options);
  const processManagers = new ProcessManagers({ commandAs, log, views, generalOf: (space) => standing.space(space)?.general, isForeign: (position) => foreign.has(position), checkpointFile: placesIn(config.dataFolder).checkpoint, onFault });
  opened.push(() => processManagers.close());
  // Before the follower begins, so that what it brings is newer than all that was caught up with.
  await processManagers.catchUp(log, size, sealer.open);
  const links = openLinkPreviews(config, { commandAs, views, world, foreign, clock, onFault });
  opened.push(() => links.close());
  await links.previews.catchUp(log, size, sealer.open);
  const { instant, lease } = await openInstantSearch(config, { views, log, logId, head: size - 1, commandAs, clock, onFault });
  const calls = await openCalls({ config, keyring, log, open: sealer.open, hub, views, world, commandAs, clock, bus, onFault });
  const [meetings, invitations] = [await openMeetings({ views, world, standing, presence: hub.presence, bus, shared: log.isShared, commandAs, clock, onFault }), await openInvitations({ ...foundation, config, views, world, foreign, open: sealer.open, commandAs, clock, onFault })];
  const refusedSignIns = new RefusedSignIns(commandAs, onFault);
  opened.push(() => instant?.close(), () => calls.close(), () => meetings.close(), () => invitations?.close(), () => refusedSignIns.close());
  const following: Following = followLog(log, size, sealer.open, [
    (events) => standing.observe(events),
    (_, recorded) => views.feed(fedOf(recorded)),
    (events, recorded) => hub.follow(events, recorded.at(-1)!.position),
    (_, recorded) => desk.followed(recorded),
    (events) => events.length > 0 && [instant, lease, calls, meetings, invitations].forEach((one) => one?.follow(events)),
    (events, recorded) => processManagers.follow(events, recorded.at(-1)!.position),
    (events, recorded) => links.previews.follow(events, recorded),
    () => desk.tidy(views.watermark('desk')),
  ], onFault);
  opened.push(() => following.stop(), () => currency.close());
  following.ended.catch((cause: unknown) => {
    followingEnded = cause instanceof Error ? cause.message : String(cause);
    onFault(cause);
  });
  views.onDerived((derived) => derived.forEach((one) => hub.push({ is: 'push', ...one })));
  processManagersReady.resolve(processManagers);
  alarms.tell((alarm) => void processManagers.alarmRaised(alarm));
  await currency.begin();
  await beginRecord({ commandAs, keyring, lease });
  const stopClockWatch = watchClock(commandAs, clock, await lastRecordedAt(log, size, foreign), log.isShared, onFault);
  opened.push(stopClockWatch, keepForgetting(standing, calls.turn, clock, config.forgetExpiredEveryMs), () => lease?.close(), () => instant?.close());
  const acting: House['acting'] = ({ caller, at }) => ({ actor: { kind: caller.guest ? 'guest' : 'account', id: caller.account }, at, door: 'web', session: caller.session });
  return {
    ...foundation, log, turn: calls.turn, alarms, flushTimes, currency, bus, meetings, instant, lease, following: () => followingEnded, config, clock, views, standing, world, desk, hub, foreign, faults, onFault, commandAs, processManagers, refusedSignIns, acting,
    virusCheck: config.clamd && new VirusCheck(config.clamd), passwords: new Passwords(), throttle: new SignInThrottle(config.signInsPerMinute),
    command: (useCase, input, call, options = {}) => desk.handle(useCase, { acting: acting(call), commandId: call.commandId, input }, { bytes: call.bytes, ...options }),
    close: () => closeAll(opened),
  };
};

/** Lets go of sessions that ran out, and ends what they have at the relay. Every other end of one is an event, which the relay follows. */
const keepForgetting = (standing: StandingFold, turn: Turn, clock: Clock, everyMs: number): Closing => {
  const forgetting = setInterval(() => {
    for (const { account, hash } of standing.forgetExpired(clock())) turn.revoke(account, hash);
  }, everyMs).unref();
  return () => clearInterval(forgetting);
};

/** The time of the newest event, ms UTC; 0 in an empty log, and where somebody else wrote it. */
const lastRecordedAt = async (log: EventLog, size: number, foreign: ReadonlySet<number>): Promise<number> => {
  if (foreign.has(size - 1)) return 0;
  for await (const page of log.readAll({ from: Math.max(0, size - 1), limit: 1 })) return Number((JSON.parse(page[0]!.data) as { readonly at?: unknown }).at ?? 0);
  return 0;
};
