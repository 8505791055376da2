import { permitOfficer, type OfficerPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { caseFold, openInquiryOf, unfiledCase, type CaseState } from '../archive/case.ts';
import type { Looked } from '../archive/events.ts';
import { inquiryNotOpen } from '../archive/refusals.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { searchFiles as searching } from '../contract/files.ts';
import { canonical } from '../kernel/canonical.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';

/** `look`: names this look, made by the handler. */
export type SearchFiles = ParsedInputOf<typeof searching> & { readonly look: string };
export type OpenFile = { readonly inquiry: string; readonly look: string; readonly conversationId: string; readonly revision: number };

/** What a search for files leaves on record as its filter: only files, and the words inside. */
export const filterOfFiles = ({ filter, words }: Pick<SearchFiles, 'filter' | 'words'>): string => canonical({ ...filter, kinds: ['file'], ...(words !== '' && { words }) });

/** Records the look at one page of a search for files; durable before the page is given. */
export const searchFiles: UseCase<SearchFiles, CaseState, OfficerPermit, World> = {
  name: 'searchFiles',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: by }, input, state, { at }) => {
    const { inquiry, look, name, next } = input;
    if (!openInquiryOf(state, inquiry, by)) return inquiryNotOpen;
    const looked: Looked = { type: 'Looked', data: { at, by, inquiry, kind: 'search', look }, content: { case: { filter: filterOfFiles(input), from: next ?? 0, query: name } } };
    return [looked];
  },
  isSameIntent: (input, recorded) => recordsIntent(recorded, 'Looked', { inquiry: input.inquiry, kind: 'search' }, { case: { filter: filterOfFiles(input), from: input.next ?? 0, query: input.name } }),
};

/** Records the look at one file, named by the revision at which it was shared; durable before a byte is given. */
export const openFile: UseCase<OpenFile, CaseState, OfficerPermit, World> = {
  name: 'openFile',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: by }, { inquiry, look, conversationId, revision }, state, { at }) => {
    if (!openInquiryOf(state, inquiry, by)) return inquiryNotOpen;
    const looked: Looked = { type: 'Looked', data: { at, by, inquiry, kind: 'file', look }, content: { case: { conversation: conversationId, revision } } };
    return [looked];
  },
  isSameIntent: ({ inquiry, conversationId, revision }, recorded) => recordsIntent(recorded, 'Looked', { inquiry, kind: 'file' }, { case: { conversation: conversationId, revision } }),
};
