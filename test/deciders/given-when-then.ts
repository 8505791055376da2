import { expect } from 'vitest';
import { StandingFold } from '#src/accounts/standing-fold.ts';
import type { World } from '#src/accounts/standing.ts';
import { settingsCatalogue, type SettingName } from '#src/contract/administration.ts';
import type { Opened } from '#src/every-event.ts';
import { canonical } from '#src/kernel/canonical.ts';
import type { Actor, Content, Decision, JsonObject, OpenedEvent } from '#src/kernel/event.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import type { Acting, Known, KnownFile, KnownMessage, KnownPreview, KnownReaction, Permit, UseCase } from '#src/kernel/use-case.ts';
import { everybody } from './makers.ts';
import { alice, by } from './people.ts';

/** Something that has happened, in its stream. */
/** `actor`: Alice, where none is named. */
export type Happened = { readonly stream: string; readonly type: string; readonly data: JsonObject; readonly content?: Content; readonly actor?: Actor };

/** Revisions as the log would give them: dense in each stream, in order. */
export const recorded = (happened: readonly Happened[]): readonly OpenedEvent[] => {
  const heads = new Map<string, number>();
  return happened.map(({ stream, type, data, content, actor = { id: alice, kind: 'account' } }, position) => {
    const revision = (heads.get(stream) ?? -1) + 1;
    heads.set(stream, revision);
    return {
      position, stream, revision, id: `00000000-0000-7000-8000-${String(position).padStart(12, '0')}`, type, data, content: content ?? {}, leafHash: '',
      metadata: { actor, basis: [], commandId: '', correlation: '', door: 'web', ledger: { commitments: [], mac: '', previous: null, writer: '' }, schema: 1 },
    };
  });
};

export const worldOf = (events: readonly OpenedEvent[]): World => {
  const standing = new StandingFold((name) => settingsCatalogue[name as SettingName].default);
  standing.observe(events);
  return { standing };
};

/** What the desk would look up, from the events themselves. */
export const knownOf = (events: readonly OpenedEvent[]): Known => {
  const messages = new Map<string, KnownMessage>();
  const reactions = new Map<string, KnownReaction>();
  const files = new Map<string, KnownFile>();
  const previews = new Map<string, KnownPreview>();
  for (const event of events as unknown as readonly Opened[]) {
    if (event.type === 'MessagePosted') messages.set(event.data.messageId, { author: event.data.author, messageId: event.data.messageId, ordinal: event.data.ordinal, retracted: false, revision: event.revision });
    if (event.type === 'MessageRetracted') messages.set(event.data.messageId, { ...messages.get(event.data.messageId)!, retracted: true });
    if (event.type === 'FileShared') files.set(event.data.fileId, { author: event.data.author, fileId: event.data.fileId, ordinal: event.data.ordinal, revision: event.revision, withdrawn: false });
    if (event.type === 'FileWithdrawn') files.set(event.data.fileId, { ...files.get(event.data.fileId)!, withdrawn: true });
    if (event.type === 'ReactionAdded') reactions.set(event.data.reactionId, { author: event.data.author, emoji: event.content.reaction?.emoji ?? null, messageId: event.data.messageId, reactionId: event.data.reactionId, withdrawn: false });
    if (event.type === 'LinkPreviewed') previews.set(`${event.data.messageId}/${event.data.link}`, { author: event.data.author, link: event.data.link, messageId: event.data.messageId, url: event.content.preview?.url ?? null, withdrawn: false });
    if (event.type === 'LinkPreviewWithdrawn') previews.set(`${event.data.messageId}/${event.data.link}`, { ...previews.get(`${event.data.messageId}/${event.data.link}`)!, withdrawn: true });
    if (event.type === 'ReactionWithdrawn') reactions.set(event.data.reactionId, { ...reactions.get(event.data.reactionId)!, withdrawn: true });
  }
  return {
    message: (messageId) => messages.get(messageId),
    file: (fileId) => files.get(fileId),
    previewsOf: (messageId) => [...previews.values()].filter((preview) => preview.messageId === messageId),
    reaction: (reactionId) => reactions.get(reactionId),
    reactionsOf: (messageId) => [...reactions.values()].filter((reaction) => reaction.messageId === messageId),
  };
};

/** Decides as a desk would: fold, permit, decision. */
export const decided = <Input, State, Held extends Permit>(useCase: UseCase<Input, State, Held, World>, history: readonly OpenedEvent[], input: Input, acting: Acting): Decision => {
  const stream = useCase.stream(input, acting);
  const own = history.filter((event) => event.stream === stream);
  const state = own.reduce((folded, event) => useCase.fold.evolve(folded, event), useCase.fold.initial());
  const permit = useCase.permit(worldOf(history), acting, input, state);
  return isRefusal(permit) ? permit : useCase.decide(permit, input, state, acting, knownOf(own));
};

/** Everybody has an account before anything else happens. What is decided must be canonical already, the same when decided again, and recognised as its own retry. */
export const specOf = <Input, State, Held extends Permit>(useCase: UseCase<Input, State, Held, World>) => ({
  given: (...happened: readonly Happened[]) => {
    const history = recorded([...everybody, ...happened]);
    return {
      when: (input: Input, acting: Acting = by(alice)) => {
        const decision = decided(useCase, history, input, acting);
        expect(decided(useCase, history, input, acting)).toEqual(decision);
        return {
          then: (...events: readonly { readonly type: string; readonly data: JsonObject; readonly content?: Content }[]) => {
            expect(decision).toEqual(events.map(({ type, data, content }) => (content ? { type, data, content } : { type, data })));
            if (isRefusal(decision)) return;
            for (const { data, content } of decision) {
              expect(JSON.stringify(data)).toBe(canonical(data));
              expect(JSON.stringify(content ?? {})).toBe(canonical(content ?? {}));
            }
            const again = recorded(decision.map((event) => ({ ...event, stream: useCase.stream(input, acting) })));
            expect(useCase.isSameIntent(input, again)).toBe(true);
            expect(useCase.isSameIntent(input, again.map((event) => ({ ...event, content: {} })))).toBe(true);
            expect(useCase.isSameIntent(input, [])).toBe(false);
          },
          thenRefused: (code: string, limit?: number) => {
            expect(isRefusal(decision) ? decision.code : decision).toBe(code);
            if (isRefusal(decision)) expect(decision.sentence).toMatch(/^[A-Z].*\.$/);
            if (limit !== undefined) expect(decision).toMatchObject({ limit });
          },
        };
      },
    };
  },
});
