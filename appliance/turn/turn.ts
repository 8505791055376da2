import { hkdfSync, type KeyObject } from 'node:crypto';
import type { Opened } from '#src/every-event.ts';
import { credentialLivesS, evolveIceServers, iceServerFor, iceServersOf, type IceServer, type IceServerForBrowser } from '#src/ice/ice-servers.ts';
import type { Clock } from '#src/kernel/clock.ts';
import type { OpenedEvent, RecordedEvent } from '#src/kernel/event.ts';
import { streams } from '#src/kernel/streams.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { settingsFold } from '#src/settings/settings.ts';
import { CredentialRate } from './credential-rate.ts';
import { Relay, type RelayState } from './relay.ts';
import { noCounts, type RelayCounts } from './relay-settings.ts';
import type { TurnConfig } from './turn-config.ts';

export type TurnOptions = {
  /** Undefined: the relay is off. */
  readonly config: TurnConfig | undefined; /** The class of service of an account. */ readonly classOf: (account: string) => string | null; readonly logSecret: KeyObject; readonly log: Pick<EventLog, 'readStream'>; readonly open: (page: readonly RecordedEvent[]) => Promise<readonly OpenedEvent[]>; readonly clock: Clock; readonly onFault: (cause: unknown) => void;
};

/** `off`: by HANSARD_TURN. */
export type TurnState = RelayState | { readonly state: 'off'; readonly port: null; readonly says: null };

const realm = 'hansard';

/** The same for every appliance on one log, and known to nobody who has not its keys: any of their relays takes what any of them has minted. */
export const turnSecretOf = (logSecret: KeyObject): string => Buffer.from(hkdfSync('sha256', logSecret, '', 'hansard/turn/1', 32)).toString('base64url');

/** Browsers prefer what is relayed over UDP, and have TCP for networks that let none out. */
export const relayUrls = (hosts: readonly string[], port: number, takesTcp: boolean): string[] => ['udp', ...(takesTcp ? ['tcp'] : [])].flatMap((transport) => hosts.map((host) => `turn:${host}:${port}?transport=${transport}`));

/** What tells a session in a username, without being of use to anybody. */
export const sessionTag = (sessionHash: string): string => sessionHash.slice(0, 16);

/** Every server as it stands: the URLs with what opens them. */
export const readIceServers = async ({ log, open }: Pick<TurnOptions, 'log' | 'open'>): Promise<Map<string, IceServer>> => {
  const state = settingsFold.initial();
  for await (const page of log.readStream(streams.settings)) for (const event of await open(page)) settingsFold.evolve(state, event);
  return state.iceServers;
};

/** ICE servers for people in calls: those that administrators have added, and the relay in the box, which runs from the first need on. */
export class Turn {
  readonly #options: TurnOptions;
  readonly #servers: Map<string, IceServer>;
  readonly #relay: Relay | undefined;
  readonly rate = new CredentialRate();

  /** Read before the log is followed: `follow` brings what comes after. */
  static async open(options: TurnOptions): Promise<Turn> {
    return new Turn(options, await readIceServers(options));
  }

  private constructor(options: TurnOptions, servers: Map<string, IceServer>) {
    this.#options = options;
    this.#servers = servers;
    const { config, logSecret, clock, onFault } = options;
    if (!config) return;
    const { places, port, relayPorts, peers, limits } = config;
    this.#relay = new Relay({ places, port, relayPorts, peers, limits, realm, credentialLivesS, secret: turnSecretOf(logSecret), notBeforeS: Math.ceil(clock() / 1_000) }, { clock, onFault });
  }

  /** Starts the relay where it is on and does not run. Whether it listens is in `state`. */
  start(): void {
    this.#relay?.start();
  }

  /** For an account, in a session of it where one is named by its hash. `now` and `expiresAt`: ms UTC. */
  iceServersFor(account: string, now: number, sessionHash: string | null = null): { readonly servers: (Omit<IceServerForBrowser, 'urls'> & { urls: string[] })[]; readonly expiresAt: number } {
    this.start();
    const added = iceServersOf(this.#servers, account, this.#options.classOf(account)).map((server) => iceServerFor(server, account, now)).filter((server) => server !== undefined);
    return { servers: [...this.#ownServer(account, now, sessionHash), ...added.map((server) => ({ ...server, urls: [server.urls] }))], expiresAt: now + credentialLivesS * 1_000 };
  }

  /** Revocations and servers, on every node as its follower brings them. */
  follow(events: readonly Opened[]): void {
    for (const event of events) {
      if (event.type === 'IceServerAdded' || event.type === 'IceServerRemoved') evolveIceServers(this.#servers, event);
      else if (event.type === 'AccountSuspended') this.revoke(event.data.account);
      else if (event.type === 'SignedOut') this.revoke(event.data.account, event.data.sessionHash);
    }
  }

  /** Ends what an account, or one session of it, has at the relay, and takes nothing that was minted for it until now. */
  revoke(account: string, sessionHash: string | null = null): void {
    this.#relay?.revoke(account, sessionHash === null ? null : sessionTag(sessionHash));
  }

  state(): TurnState {
    return this.#relay?.state() ?? { state: 'off', port: null, says: null };
  }

  counts(): RelayCounts {
    return this.#relay?.counts() ?? noCounts;
  }

  get restarts(): number {
    return this.#relay?.restarts ?? 0;
  }

  async close(): Promise<void> {
    await this.#relay?.close();
  }

  #ownServer(account: string, now: number, sessionHash: string | null): (Omit<IceServerForBrowser, 'urls'> & { urls: string[] })[] {
    const [config, relay] = [this.#options.config, this.#relay];
    const port = relay?.state().port ?? config?.port;
    if (!config || !relay?.isExpected || !port) return []; // Whoever asks while it is started again keeps the answer for hours.
    return [{ urls: relayUrls(config.hosts, port, relay.takesTcp), ...relay.mint(account, sessionHash === null ? null : sessionTag(sessionHash), now) }];
  }
}
