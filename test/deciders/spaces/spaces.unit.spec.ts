import { describe, expect, it } from 'vitest';
import type { Opened } from '#src/every-event.ts';
import { abandonSpaceName } from '#src/spaces/abandon-space-name.ts';
import { appointAdministrator } from '#src/spaces/appoint-administrator.ts';
import { foundSpace } from '#src/spaces/found-space.ts';
import { inviteToSpace } from '#src/spaces/invite-to-space.ts';
import { leaveSpace } from '#src/spaces/leave-space.ts';
import { removeFromSpace } from '#src/spaces/remove-from-space.ts';
import { afterSpaceTitled, titleSpace } from '#src/spaces/title-space.ts';
import { recorded, specOf } from '../given-when-then.ts';
import { anAppointment, aSpace, aSpaceJoin, aSpaceLeave, aSuspension, general, space } from '../makers.ts';
import { alice, bob, by, bySystem, carla, mallory, nobody, noon } from '../people.ts';

const joined = (account: string, invitedBy = alice) => ({ type: 'SpaceJoined', data: { account, at: noon, by: invitedBy } });
const anAbandoned = (name: string, reservation = 0) => ({ stream: `space-${space}`, type: 'Abandoned', data: { at: noon, name, reservation } });

describe('founding a space', () => {
  const { given } = specOf(foundSpace);
  const found = { general, name: 'Garden', nameStream: 'name-garden', spaceId: space, topic: '' };
  it('makes the founder its first administrator', () => given().when(found).then(aSpace()));
  it('refuses an id that was used', () => given(aSpace()).when(found, by(bob)).thenRefused('space-id-taken'));
  it('refuses when it took so long that its name was given up', () => given(anAbandoned('name-garden')).when(found).thenRefused('name-taken'));
  it('refuses who is suspended', () => given(aSuspension(alice)).when(found).thenRefused('not-allowed'));
});

describe('titling a space', () => {
  const { given } = specOf(titleSpace);
  const title = { name: 'Orchard', nameStream: 'name-orchard', reservation: 3, spaceId: space, topic: 'Trees' };
  const titled = { type: 'SpaceTitled', data: { at: noon, by: alice, name: 'name-orchard' }, content: { title: { title: 'Orchard', topic: 'Trees' } } };
  it('records the new name and topic', () => given(aSpace()).when(title).then(titled));
  it('refuses a plain member', () => given(aSpace(), aSpaceJoin(bob)).when(title, by(bob)).thenRefused('not-an-administrator'));
  it('refuses who is not in the space', () => given(aSpace()).when(title, by(mallory)).thenRefused('not-a-member'));
  it('refuses where there is no space', () => given().when(title).thenRefused('not-a-member'));
  it('refuses a name whose reservation was given up', () => given(aSpace(), anAbandoned('name-orchard', 3)).when(title).thenRefused('name-taken'));
  it('takes a name that was given up once and reserved anew', () => given(aSpace(), anAbandoned('name-orchard', 2)).when(title).then(titled));
  it('gives the former name back, and only when the name changed', () => {
    const event = recorded([aSpace(), { ...titled, stream: `space-${space}` }])[1] as unknown as Opened<'SpaceTitled'>;
    expect(afterSpaceTitled(event, 'name-garden')).toMatchObject({ input: { holder: `space-${space}`, name: 'name-garden' } });
    expect(afterSpaceTitled(event, 'name-orchard')).toBeUndefined();
  });
});

describe('giving up a name that a space never used', () => {
  const { given } = specOf(abandonSpaceName);
  const abandon = { name: 'name-orchard', reservation: 3, spaceId: space };
  it('closes the way for a space that never came', () => given().when(abandon, bySystem).then(anAbandoned('name-orchard', 3)));
  it('closes the way for a rename that never came', () => given(aSpace()).when(abandon, bySystem).then(anAbandoned('name-orchard', 3)));
  it('refuses the name that the space carries', () => given(aSpace()).when({ ...abandon, name: 'name-garden' }, bySystem).thenRefused('name-taken'));
  it('refuses to give up twice', () => given(anAbandoned('name-orchard', 3)).when(abandon, bySystem).thenRefused('nothing-to-record'));
  it('is for the appliance alone', () => given().when(abandon).thenRefused('not-allowed'));
});

describe('inviting to a space', () => {
  const { given } = specOf(inviteToSpace);
  const invite = { account: carla, spaceId: space };
  it('is for an administrator', () => given(aSpace()).when(invite).then(joined(carla)));
  it('refuses a plain member', () => given(aSpace(), aSpaceJoin(bob)).when(invite, by(bob)).thenRefused('not-an-administrator'));
  it('refuses who is not in the space', () => given(aSpace()).when(invite, by(mallory)).thenRefused('not-a-member'));
  it('refuses who is in', () => given(aSpace(), aSpaceJoin(carla)).when(invite).thenRefused('already-a-member'));
  it('refuses who is not there', () => given(aSpace()).when({ ...invite, account: nobody }).thenRefused('person-not-found'));
  it('refuses who is suspended', () => given(aSpace(), aSuspension(carla)).when(invite).thenRefused('person-suspended'));
  it('brings a former administrator back as a plain member', () => {
    const history = [aSpace(), aSpaceJoin(bob), anAppointment(bob), aSpaceLeave(bob, 1)];
    given(...history).when({ account: bob, spaceId: space }).then(joined(bob));
    given(...history, aSpaceJoin(bob)).when(invite, by(bob)).thenRefused('not-an-administrator');
  });
});

describe('removing from a space', () => {
  const { given } = specOf(removeFromSpace);
  const remove = { account: bob, spaceId: space };
  it('names the join that it ends', () => given(aSpace(), aSpaceJoin(bob)).when(remove).then({ type: 'SpaceLeft', data: { account: bob, at: noon, by: alice, cause: 'removed', joined: 1 } }));
  it('refuses a plain member', () => given(aSpace(), aSpaceJoin(bob), aSpaceJoin(carla)).when(remove, by(carla)).thenRefused('not-an-administrator'));
  it('refuses who is not in', () => given(aSpace()).when(remove).thenRefused('not-a-member'));
  it('refuses the last administrator', () => given(aSpace()).when({ account: alice, spaceId: space }).thenRefused('last-administrator'));
  it('removes an administrator while there is another', () =>
    given(aSpace(), aSpaceJoin(bob), anAppointment(bob)).when(remove).then({ type: 'SpaceLeft', data: { account: bob, at: noon, by: alice, cause: 'removed', joined: 1 } }));
});

describe('leaving a space', () => {
  const { given } = specOf(leaveSpace);
  const left = (account: string, join: number) => ({ type: 'SpaceLeft', data: { account, at: noon, by: account, cause: 'self', joined: join } });
  it('names the join that it ends', () => given(aSpace(), aSpaceJoin(bob)).when({ spaceId: space }, by(bob)).then(left(bob, 1)));
  it('refuses the last administrator', () => given(aSpace(), aSpaceJoin(bob)).when({ spaceId: space }).thenRefused('last-administrator'));
  it('lets an administrator go while there is another', () => given(aSpace(), aSpaceJoin(bob), anAppointment(bob)).when({ spaceId: space }).then(left(alice, 0)));
  it('refuses who is not in', () => given(aSpace()).when({ spaceId: space }, by(mallory)).thenRefused('not-a-member'));
});

describe('appointing an administrator', () => {
  const { given } = specOf(appointAdministrator);
  const appoint = { account: bob, spaceId: space };
  it('is for an administrator', () => given(aSpace(), aSpaceJoin(bob)).when(appoint).then(anAppointment(bob)));
  it('refuses a plain member', () => given(aSpace(), aSpaceJoin(bob)).when(appoint, by(bob)).thenRefused('not-an-administrator'));
  it('refuses who is not in', () => given(aSpace()).when(appoint).thenRefused('not-a-member'));
  it('refuses who is one', () => given(aSpace(), aSpaceJoin(bob), anAppointment(bob)).when(appoint).thenRefused('already-an-administrator'));
});
