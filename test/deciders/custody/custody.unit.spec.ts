import { describe, expect, it } from 'vitest';
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
import { adam, by, byOperator, bySystem, idOf, noon } from '../people.ts';

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
    specOf(reportForeign).given(founded).when(foreign, by(adam)).thenRefused('not-allowed');
    specOf(reportAlarm).given(founded).when(alarm, by(adam)).thenRefused('not-allowed');
    specOf(recordImport).given(founded).when(imported, by(adam)).thenRefused('not-allowed');
    specOf(recordStart).given(founded).when({ configuration: '{}', version: '1.0.0' }, by(adam)).thenRefused('not-allowed');
    specOf(recordClockAnomaly).given(founded).when({ before: noon, now: noon - 1 }, by(adam)).thenRefused('not-allowed');
    specOf(recordRebuild).given(founded).when({ position: 9, view: 'timeline' }, by(adam)).thenRefused('not-allowed');
  });
  it('knows its log, its writers, its keys and what is foreign in it', () => {
    const events = recorded([founded, fact('WriterAnnounced', { writer: 'w2' }), fact('SigningKeyAnnounced', { publicKey: 'k' }), fact('ForeignEventFound', foreign), fact('ImportMade', imported)]);
    const state = events.reduce((folded, event) => custodyFold.evolve(folded, event), custodyFold.initial());
    expect(state).toEqual({ batches: new Set([imported.batch]), foreign: new Set([7]), logId: idOf(400), revision: 4, signingKeys: new Set(['k']), writers: new Set(['w1', 'w2']) });
  });
});
