import type { Opened } from '../every-event.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { Fold } from '../kernel/use-case.ts';
import type { IceEvent } from '../ice/events.ts';
import { evolveIceServers, type IceServer } from '../ice/ice-servers.ts';
import type { SettingsEvent, SettingScope } from './events.ts';

/** What is set, by `settingKey`, as canonical JSON text. What is not set has its default. */
export type SettingsState = { values: Map<string, string>; /** By `iceServerKey`. */ iceServers: Map<string, IceServer>; revision: number };

export const settingKey = ({ kind, id }: SettingScope, name: string): string => `${kind}/${id ?? ''}/${name}`;

/** Changes the state in place and returns it. */
const evolve = (state: SettingsState, recorded: OpenedEvent): SettingsState => {
  const event = recorded as unknown as Opened<SettingsEvent['type'] | IceEvent['type']>;
  state.revision = event.revision;
  switch (event.type) {
    case 'SettingPut':
      state.values.set(settingKey(event.data.scope, event.data.name), event.data.value);
      return state;
    case 'SettingCleared':
      state.values.delete(settingKey(event.data.scope, event.data.name));
      return state;
    case 'IceServerAdded':
    case 'IceServerRemoved':
      evolveIceServers(state.iceServers, event);
      return state;
    default:
      return state;
  }
};

export const settingsFold: Fold<SettingsState> = { initial: () => ({ iceServers: new Map(), revision: -1, values: new Map() }), evolve };
