/** What was said at Northmoor Instruments. Times are days before the demo begins and wall-clock minutes; the newest is twenty minutes old. */

export type Person = 'hanna' | 'mara' | 'tomasz' | 'ines' | 'olive' | 'adam';
export const people: Readonly<Record<Person, { readonly display: string; readonly roles: readonly ('employee' | 'administrator' | 'officer')[] }>> = {
  hanna: { display: 'Hanna Kessler', roles: ['employee'] },
  mara: { display: 'Mara Okonjo', roles: ['employee'] },
  tomasz: { display: 'Tomasz Wrona', roles: ['employee'] },
  ines: { display: 'Ines Ferreira', roles: ['employee'] },
  olive: { display: 'Olive Lindqvist', roles: ['employee', 'officer'] },
  adam: { display: 'Adam Duarte', roles: ['administrator'] },
};

/** A place is a channel of the space, the group, or a direct chat (`mara+tomasz`). */
export type Said = {
  readonly day: number; readonly at: string; readonly who: Person; readonly in: string; readonly text: string;
  /** A name of the line, for those that answer it. `@hanna` in the text mentions her; `@everyone` all. */
  readonly id?: string; readonly replyTo?: string; readonly action?: true;
  readonly editedTo?: string; readonly retracted?: true; readonly reactions?: Readonly<Partial<Record<Person, string>>>;
};

export const space = { name: 'Metering rollout', topic: 'Aarhus and Lyon, firmware 4.2', founder: 'hanna', members: ['mara', 'tomasz', 'ines', 'olive'] } as const;
export const channels = [
  { name: 'Field trials', topic: 'Week 47: Aarhus and Lyon sites, firmware 4.2', members: ['mara', 'tomasz', 'ines'] },
  { name: 'Supplier claims', topic: 'Concentrators, hall C', members: ['mara', 'tomasz'] },
  // What is said there is taken, with small changes, from the Ubuntu IRC corpus (Kummerfeld et al., ACL 2019, CC BY 4.0).
  { name: 'Gateway images', topic: 'Linux on the gateways: sticks, images, boot', members: ['mara', 'tomasz', 'ines'] },
] as const;
export const group = { title: 'Pricing', founder: 'mara', members: ['hanna', 'tomasz', 'ines'] } as const;

const general = 'General';
const field = 'Field trials';
const claims = 'Supplier claims';
const gateways = 'Gateway images';

export const story: readonly Said[] = [
  { day: 2, at: '08:51', who: 'hanna', in: general, text: 'Good morning @everyone. This space is for the metering rollout; questions about prices go to the group.', reactions: { ines: '👍', tomasz: '👍' } },
  { day: 2, at: '09:04', who: 'ines', in: general, text: 'Travel to Lyon is booked for Wednesday, back on Friday evening.' },
  { day: 2, at: '09:20', who: 'tomasz', in: general, text: 'Can I have the badge list of hall C before that?' },
  { day: 2, at: '09:32', who: 'mara', in: general, text: 'Sent. Two of them expire this month:\n\n- Delacroix\n- Baumann', reactions: { tomasz: '🙏' } },
  { day: 2, at: '10:05', who: 'tomasz', in: claims, text: 'Offer for the second concentrator, delivery in week 41, is in the folder.' },
  { day: 2, at: '10:21', who: 'mara', in: claims, text: 'The supplier writes that the first one was damaged in transport. Nobody here saw that.' },
  { day: 2, at: '10:26', who: 'tomasz', in: claims, text: 'The seal was intact when it came. I have the picture.' },
  { day: 2, at: '11:00', who: 'tomasz', in: gateways, text: 'I am trying to recover the data of the gateway in hall B. `hexdump -C` shows data and the light on the stick blinks fast, but after five minutes it only gives I/O errors.', id: 'stick' },
  { day: 2, at: '11:02', who: 'ines', in: gateways, text: 'What file system is on that stick? And what does `dmesg` print when you put it in?', replyTo: 'stick' },
  { day: 2, at: '11:03', who: 'tomasz', in: gateways, text: 'I think it is ext2 or ext3, but it will not mount because of the I/O errors.' },
  { day: 2, at: '11:05', who: 'tomasz', in: gateways, text: 'My loss for putting important data on a cheap 16 GB stick.', reactions: { mara: '😬', ines: '😬' } },
  { day: 2, at: '11:31', who: 'mara', in: gateways, text: 'I run on an old live session and have downloaded and mounted the 16.04 image. Is there a way to load its installer within the session that is running?', id: 'iso' },
  { day: 2, at: '11:33', who: 'ines', in: gateways, text: 'No. You have to boot it to get to its installer. Mounting it in the older live session will not help you.', replyTo: 'iso' },
  { day: 2, at: '11:34', who: 'mara', in: gateways, text: 'I only have one stick.' },
  { day: 2, at: '11:35', who: 'ines', in: gateways, text: 'Then burn it to a disc, or overwrite the stick. They are cheap nowadays.' },
  { day: 2, at: '11:38', who: 'mara', in: gateways, text: 'I cannot make it bootable, the resource is busy: the session is running off it.' },
  { day: 2, at: '11:40', who: 'mara', in: gateways, text: 'installs grub and loop-mounts the image', action: true, reactions: { ines: '🎯', tomasz: '👏' } },
  { day: 2, at: '14:10', who: 'mara', in: 'Pricing', text: 'First draft for the framework contract: 38.40 a meter from 5,000 on.', id: 'price' },
  { day: 2, at: '14:18', who: 'hanna', in: 'Pricing', text: 'That is below what we said in September. Who moved it?', replyTo: 'price' },
  { day: 2, at: '14:25', who: 'tomasz', in: 'Pricing', text: 'I did, after the call with Lyon. 39.10 is what we can hold.', editedTo: 'I did, after the call with Lyon. 39.20 is what we can hold.' },
  { day: 2, at: '17:51', who: 'mara', in: 'mara+tomasz', text: 'Forget the concentrator for now, delivery first.', editedTo: 'Leave the concentrator for now, delivery first.' },
  { day: 2, at: '17:52', who: 'tomasz', in: 'mara+tomasz', text: 'ok' },
  { day: 1, at: '09:02', who: 'hanna', in: 'hanna+mara', text: 'Do you have the corrected sheet for Aarhus?' },
  { day: 1, at: '09:40', who: 'mara', in: 'hanna+mara', text: 'Tomorrow at noon. The columns of the old export do not fit.' },
  { day: 1, at: '11:15', who: 'ines', in: field, text: 'On site in Lyon. Hall A and B are done, C this afternoon.' },
  { day: 1, at: '11:17', who: 'hanna', in: field, text: 'Thank you. Mind the humidity column, Lena asks for it.' },
  { day: 1, at: '16:40', who: 'tomasz', in: field, text: 'Lyon came back with 212 of 240 meters online. The rest sit behind the old concentrator in hall C.', id: 'lyon' },
  { day: 1, at: '16:44', who: 'mara', in: field, text: 'We knew about the concentrator in hall C before the delivery, it is in my mail of 2 October.', editedTo: 'We knew about the concentrator in hall C before the delivery, it is in my mail of 3 October.', retracted: true },
  { day: 1, at: '16:58', who: 'ines', in: field, text: '28 meters, all on the same bus. I can swap the concentrator on Friday if the spare comes.', replyTo: 'lyon', reactions: { hanna: '👍' } },
  { day: 1, at: '17:20', who: 'olive', in: general, text: 'A reminder from compliance: this workspace is archived, and the retention for field records is seven years.' },
  { day: 0, at: '09:12', who: 'hanna', in: field, text: 'Morning. Please hold firmware 4.2 for Aarhus until the drift test is signed. Threshold stays at `0.5 %`.', editedTo: 'Morning. Please hold firmware 4.2 for Aarhus until the drift test is signed. Threshold stays at `0.4 %`.', id: 'hold' },
  { day: 0, at: '09:13', who: 'hanna', in: field, text: 'If anyone has last year\u2019s curve, I would like to put them side by side.' },
  { day: 0, at: '09:31', who: 'ines', in: field, text: 'Here it is, with the humidity column Lena asked for: all sites, 2025, in the shared folder under *Drift curves*.', reactions: { hanna: '👍', mara: '👍', tomasz: '👍' } },
  { day: 0, at: '09:36', who: 'mara', in: claims, text: '@tomasz the claim letter of the 12th goes out today. Is the picture of the seal in the folder?' },
  { day: 0, at: '11:46', who: 'tomasz', in: 'hanna+tomasz', text: 'The drift test runs since eight, the chamber is at 40 °C. I will have a number by two.' },
  { day: 0, at: '11:48', who: 'hanna', in: 'hanna+tomasz', text: 'thanks, that is clear' },
  { day: 0, at: '14:02', who: 'hanna', in: 'Pricing', text: '39.20 then. I take it to the board on Monday.', reactions: { mara: '👍' } },
  { day: 0, at: '14:22', who: 'tomasz', in: field, text: '@hanna signed half an hour ago: 0.31 % at 40 °C. I propose we release to Aarhus at 17:00 and Lyon tomorrow.', replyTo: 'hold' },
  { day: 0, at: '14:29', who: 'mara', in: field, text: 'Agreed from our side. @ines can you tell the Lyon team before they leave?' },
  { day: 0, at: '14:31', who: 'mara', in: 'hanna+mara', text: 'Sending you the corrected sheet in a minute.' },
  { day: 0, at: '14:32', who: 'mara', in: 'hanna+mara', text: 'There it is: Aarhus, 1,840 rows, checked twice.' },
  { day: 0, at: '14:34', who: 'hanna', in: field, text: 'Released for Aarhus, 17:00. Lyon waits for the concentrator.' },
];
