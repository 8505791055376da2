import './without-eval.ts';
import '../client/drafts.ts'; // These two listen for the sign-in, so they are here before it.
import '../client/outbox.ts';
import { workspace } from '../client/workspace.ts';
import './hansard-app.ts';
import { watchKeys } from './keys.ts';
import { watchVisits } from './recent.ts';
import { watchLinks } from './router.ts';
import { watchTheme } from './theme.ts';

watchTheme();
watchLinks();
watchVisits();
watchKeys();
void workspace.open();
