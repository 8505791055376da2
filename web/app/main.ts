import './without-eval.ts';
import '../client/drafts.ts'; // These two listen for the sign-in, so they are here before it.
import '../client/outbox.ts';
import { unanswered } from '../client/call.ts';
import { watchCalls } from '../calls/rosters.ts';
import { workspace } from '../client/workspace.ts';
import { toast } from '../elements/hansard-toasts.ts';
import './hansard-app.ts';
import { watchKeys } from './keys.ts';
import { watchVisits } from './recent.ts';
import { watchLinks } from './router.ts';
import { watchTheme } from './theme.ts';

// A part that comes when it is needed did not come: no connection, or the appliance serves a newer client by now.
addEventListener('vite:preloadError', (event) => {
  event.preventDefault();
  toast('This part of Hansard could not be loaded. Your drafts are kept; reload the page when the connection is back.', { danger: true, act: { label: 'Reload', run: () => location.reload() } });
});
// Messages and changes of them are kept; what else is on its way lives in this page alone.
addEventListener('beforeunload', (event) => unanswered.value > 0 && event.preventDefault());
watchTheme();
watchLinks();
watchVisits();
watchKeys();
watchCalls();
void workspace.open();
