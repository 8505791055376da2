import { describe, expect, it } from 'vitest';
import { announceFilesStore } from '#src/custody/announce-files-store.ts';
import { announcedHoldsMs, announceRoleChange } from '#src/custody/announce-role-change.ts';
import { announceSigningKey } from '#src/custody/announce-signing-key.ts';
import { announceWriter } from '#src/custody/announce-writer.ts';
import { custodyFold } from '#src/custody/custody.ts';
import { recordClockAnomaly } from '#src/custody/record-clock-anomaly.ts';
import { recordImport } from '#src/custody/record-import.ts';
import { recordRebuild } from '#src/custody/record-rebuild.ts';
import { recordStart } from '#src/custody/record-start.ts';
import { reportAlarm } from '#src/custody/report-alarm.ts';
import { reportForeign } from '#src/custody/report-foreign.ts';
import type { JsonObject } from '#src/kernel/event.ts';
import { recorded, specOf } from '../given-when-then.ts';
import { aRoleGranted } from '../makers.ts';
import { adam, alice, bob, by, byOperator, bySystem, idOf, noon, olive, oscar } from '../people.ts';

const aRoleWithdrawn = (account: string) => ({ stream: `account-${account}`, type: 'RoleWithdrawn', data: { account, at: noon, by: adam, role: 'officer' } });
const fact = (type: string, data: JsonObject) => ({ stream: 'custody', type, data: { at: noon, ...data } });
const founded = fact('LogFounded', { check: 'c', logId: idOf(400), writer: 'w1' });
const foreign = { event: idOf(500), position: 7, reason: 'unknown-writer', revision: 3, stream: 'settings' };
const alarm = { alarm: idOf(700), doneTo: 'settings', kind: 'truncated' };
const imported = { batch: idOf(600), by: 'operator', lines: 3, source: 'irc' };

describe('announcing a writer', () => {
  const { given } = specOf(announceWriter);
  it('names it before its first event', () => given(founded).when({ writer: 'w2' }, bySystem).then(fact('WriterAnnounced', { writer: 'w2' })));
  it('is done once', () => given(founded, fact('WriterAnnounced', { writer: 'w2' })).when({ writer: 'w2' }, bySystem).thenRefused('nothing-to-record'));
  it('was done for the first writer with the founding', () => given(founded).when({ writer: 'w1' }, bySystem).thenRefused('nothing-to-record'));
});

describe('announcing a signing key', () => {
  const { given } = specOf(announceSigningKey);
  it('names it', () => given(founded).when({ publicKey: 'k' }, bySystem).then(fact('SigningKeyAnnounced', { publicKey: 'k' })));
  it('is done once a key', () => given(founded, fact('SigningKeyAnnounced', { publicKey: 'k' })).when({ publicKey: 'k' }, bySystem).thenRefused('nothing-to-record'));
});

describe('announcing the store of files', () => {
  const { given } = specOf(announceFilesStore);
  const announced = fact('FilesStoreAnnounced', { store: 's1' });
  it('names the mark that it carries', () => given(founded).when({ store: 's1' }, bySystem).then(announced));
  it('is done once, whichever appliance finds it', () => given(founded, announced).when({ store: 's1' }, bySystem).thenRefused('nothing-to-record'));
  it('refuses another', () => given(founded, announced).when({ store: 's2' }, bySystem).thenRefused('other-files-store'));
});

describe('reporting a foreign event', () => {
  const { given } = specOf(reportForeign);
  it('says which, where and why', () => given(founded).when(foreign, bySystem).then(fact('ForeignEventFound', foreign)));
  it('is done once a position, whatever finds it again', () => given(founded, fact('ForeignEventFound', foreign)).when({ ...foreign, reason: 'broken-chain' }, bySystem).thenRefused('nothing-to-record'));
  it('is done for each position', () => given(founded, fact('ForeignEventFound', foreign)).when({ ...foreign, position: 8 }, bySystem).then(fact('ForeignEventFound', { ...foreign, position: 8 })));
});

describe('reporting what was done to the log in its database', () => {
  const { given } = specOf(reportAlarm);
  it('says what and where', () => given(founded).when(alarm, bySystem).then(fact('LogAlarmRaised', alarm)));
  it('is done once, whichever node finds it', () => given(founded, fact('LogAlarmRaised', alarm)).when(alarm, bySystem).thenRefused('nothing-to-record'));
});

describe('announcing a change of roles, where several appliances decide', () => {
  const { given } = specOf(announceRoleChange);
  const away = (account: string, at = noon) => ({ stream: 'custody', type: 'RoleChangeAnnounced', data: { account, at, change: 'administrator-away' } });
  const first = (account: string, at = noon) => ({ stream: 'custody', type: 'RoleChangeAnnounced', data: { account, at, change: 'first-officer' } });
  const two = [founded, aRoleGranted(bob, 'administrator')];
  it('lets one of two administrators go', () => given(...two).when({ account: adam, change: 'administrator-away' }, bySystem).then(away(adam)));
  it('refuses the other while the first is on the way', () => given(...two, away(adam, noon - announcedHoldsMs + 1)).when({ account: bob, change: 'administrator-away' }, bySystem).thenRefused('last-administrator'));
  it('forgets what was announced and did not come', () => given(...two, away(adam, noon - announcedHoldsMs)).when({ account: bob, change: 'administrator-away' }, bySystem).then(away(bob)));
  it('leaves what needs no second appliance to the command itself', () => given(founded).when({ account: adam, change: 'administrator-away' }, bySystem).thenRefused('nothing-to-record'));
  it('names one first officer', () => given(founded, aRoleWithdrawn(olive), aRoleWithdrawn(oscar)).when({ account: alice, change: 'first-officer' }, bySystem).then(first(alice)));
  it('refuses another first officer meanwhile', () => given(founded, aRoleWithdrawn(olive), aRoleWithdrawn(oscar), first(bob)).when({ account: alice, change: 'first-officer' }, bySystem).thenRefused('first-officer-named'));
  it('is nobody\'s at a browser', () => given(...two).when({ account: adam, change: 'administrator-away' }, by(adam)).thenRefused('not-allowed'));
});

describe('recording an import', () => {
  const { given } = specOf(recordImport);
  it('says what came from where', () => given(founded).when(imported, byOperator).then(fact('ImportMade', imported)));
  it('is done once a batch', () => given(founded, fact('ImportMade', imported)).when(imported, byOperator).thenRefused('nothing-to-record'));
});

describe('recording what happened to the appliance', () => {
  it('keeps every start', () => specOf(recordStart).given(founded).when({ configuration: '{}', version: '1.0.0' }, bySystem).then(fact('ApplianceStarted', { configuration: '{}', version: '1.0.0' })));
  it('keeps a clock that went back', () => specOf(recordClockAnomaly).given(founded).when({ before: noon, now: noon - 1 }, bySystem).then(fact('ClockAnomaly', { before: noon, now: noon - 1 })));
  it('keeps a rebuilt view', () => specOf(recordRebuild).given(founded).when({ position: 9, view: 'timeline' }, byOperator).then(fact('ViewRebuilt', { position: 9, view: 'timeline' })));
});

describe('custody', () => {
  it('is written by nobody at a browser, administrators included', () => {
    specOf(announceWriter).given(founded).when({ writer: 'w2' }, by(adam)).thenRefused('not-allowed');
    specOf(announceSigningKey).given(founded).when({ publicKey: 'k' }, by(adam)).thenRefused('not-allowed');
    specOf(announceFilesStore).given(founded).when({ store: 's1' }, by(adam)).thenRefused('not-allowed');
    specOf(reportForeign).given(founded).when(foreign, by(adam)).thenRefused('not-allowed');
    specOf(reportAlarm).given(founded).when(alarm, by(adam)).thenRefused('not-allowed');
    specOf(recordImport).given(founded).when(imported, by(adam)).thenRefused('not-allowed');
    specOf(recordStart).given(founded).when({ configuration: '{}', version: '1.0.0' }, by(adam)).thenRefused('not-allowed');
    specOf(recordClockAnomaly).given(founded).when({ before: noon, now: noon - 1 }, by(adam)).thenRefused('not-allowed');
    specOf(recordRebuild).given(founded).when({ position: 9, view: 'timeline' }, by(adam)).thenRefused('not-allowed');
  });
  it('knows its log, its writers, its keys, its store of files, what is foreign in it and what was done to it', () => {
    const events = recorded([founded, fact('WriterAnnounced', { writer: 'w2' }), fact('SigningKeyAnnounced', { publicKey: 'k' }), fact('ForeignEventFound', foreign), fact('LogAlarmRaised', alarm), fact('RoleChangeAnnounced', { account: bob, change: 'officer-away' }), fact('ImportMade', imported), fact('FilesStoreAnnounced', { store: 's1' })]);
    const state = events.reduce((folded, event) => custodyFold.evolve(folded, event), custodyFold.initial());
    expect(state).toEqual({ alarms: new Set([alarm.alarm]), announced: new Map([[`officer-away ${bob}`, noon]]), batches: new Set([imported.batch]), filesStore: 's1', foreign: new Set([7]), leases: new Map(), logId: idOf(400), revision: 7, signingKeys: new Set(['k']), writers: new Set(['w1', 'w2']) });
  });
});
