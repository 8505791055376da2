import { workspace } from '../client/workspace.ts';
import './hansard-app.ts';
import { watchLinks } from './router.ts';
import { watchTheme } from './theme.ts';

watchTheme();
watchLinks();
void workspace.open();
