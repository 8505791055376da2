import { archiveView } from '../archive/view.ts';
import { auditView } from '../audit/view.ts';
import { callsView } from '../calls/view.ts';
import { conversationsView } from '../conversations/view.ts';
import { deskView } from '../desk/view.ts';
import { directoryView } from '../directory/view.ts';
import { filesView } from '../files/view.ts';
import { searchView } from '../search/view.ts';
import { timelineView } from '../timeline/view.ts';
import { unreadView } from '../unread/view.ts';
import type { View, ViewName } from '../view.ts';

/** All views, in the order in which a batch is committed. Questions over several views rely on it (view-queries.ts). */
export const everyView: readonly View[] = [deskView, directoryView, conversationsView, unreadView, timelineView, searchView, filesView, callsView, archiveView, auditView];

export const viewNamed = (name: ViewName): View => {
  const view = everyView.find((one) => one.name === name);
  if (!view) throw new Error(`There is no view ${name}.`);
  return view;
};
