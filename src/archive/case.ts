import type { Opened } from '../every-event.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { Fold } from '../kernel/use-case.ts';
import type { CaseEvent } from './events.ts';

/** `looks`: what was recorded of looking under it, by id. */
export type Inquiry = { readonly by: string; readonly looks: Set<string>; open: boolean };

/** An officer's matter as of its head. */
export type CaseState = { opened: boolean; inquiries: Map<string, Inquiry>; revision: number };

/** The case that exists from the first start; inquiries that belong to no other are in it. */
export const unfiledCase = '00000000-0000-8000-8000-000000000000';

/** Changes the state in place and returns it. */
const evolve = (state: CaseState, recorded: OpenedEvent): CaseState => {
  const event = recorded as unknown as Opened<CaseEvent['type']>;
  state.revision = event.revision;
  switch (event.type) {
    case 'CaseOpened':
      state.opened = true;
      return state;
    case 'InquiryOpened':
      if (!state.inquiries.has(event.data.inquiry)) state.inquiries.set(event.data.inquiry, { by: event.data.by, open: true, looks: new Set() });
      return state;
    case 'Looked':
      state.inquiries.get(event.data.inquiry)?.looks.add(event.data.look);
      return state;
    case 'InquiryClosed':
      return closed(state, event.data.inquiry);
    default:
      return state;
  }
};

const closed = (state: CaseState, id: string): CaseState => {
  const inquiry = state.inquiries.get(id);
  if (inquiry) inquiry.open = false;
  return state;
};

export const caseFold: Fold<CaseState> = { initial: () => ({ inquiries: new Map(), opened: false, revision: -1 }), evolve };

/** The inquiry, if it is open and this officer's own. */
export const openInquiryOf = (state: CaseState, inquiry: string, officer: string): Inquiry | undefined => {
  const found = state.inquiries.get(inquiry);
  return found?.open && found.by === officer ? found : undefined;
};
