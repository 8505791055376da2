import { randomUUID } from 'node:crypto';
import { enterMeeting, openMeeting } from '#src/contract/meetings.ts';
import type { InputOf } from '#src/contract/endpoint.ts';
import type { Appliance } from './appliance.ts';
import { Person, type How } from './people.ts';

export type MeetingDoor = { readonly conversationId: string; readonly key: string };

/** A link as a browser reads it: what stands in the path, and in the fragment that no server is told. */
export const doorOfLink = (link: string): MeetingDoor => {
  const { pathname, hash } = new URL(link, 'http://localhost');
  return { conversationId: pathname.split('/').at(-1)!, key: new URLSearchParams(hash.slice(1)).get('key')! };
};

export const aMeeting = async (host: Person, rest: Partial<InputOf<typeof openMeeting>> = {}, how?: How): Promise<MeetingDoor> => {
  const { link } = await host.call(openMeeting, { conversationId: randomUUID(), title: 'Talk about the weather', ...rest }, how);
  return doorOfLink(link!);
};

/** Somebody who was handed a link, in a browser of their own. */
export const aGuest = async (appliance: Appliance, door: InputOf<typeof enterMeeting> | MeetingDoor, name = 'Gita'): Promise<Person> => {
  const guest = new Person(appliance, 'gita');
  guest.account = (await guest.call(enterMeeting, { name, ...door })).account;
  return guest;
};
