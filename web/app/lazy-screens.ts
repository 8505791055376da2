import { html, type TemplateResult } from 'lit';
import type { Me } from '#src/contract/accounts.ts';
import type { Role } from '#src/contract/endpoint.ts';
import type { Route } from './router.ts';

type Officers = 'archive' | 'audit' | 'administration';
const mayOpen: Readonly<Record<Officers, readonly Role[]>> = { archive: ['officer'], audit: ['officer', 'administrator'], administration: ['administrator'] };

/** May this person open that screen? The server decides; this only keeps doors off the wall that would not open. */
export const mayOpenScreen = (screen: Officers, me: Me): boolean => mayOpen[screen].some((role) => me.roles.includes(role));

const scriptOf: Readonly<Record<Officers, () => Promise<unknown>>> = {
  archive: () => import('../screens/archive/archive-screen.ts'),
  audit: () => import('../screens/audit/audit-screen.ts'),
  administration: () => import('../screens/administration/administration-screen.ts'),
};

/** Screens that take the whole page, for officers and administrators; their scripts come only when they are opened. Undefined: it is not one of these. */
export const wholePage = (route: Route, me: Me): TemplateResult | undefined => {
  if (route.screen !== 'archive' && route.screen !== 'audit' && route.screen !== 'administration') return undefined;
  if (!mayOpenScreen(route.screen, me)) return undefined;
  void scriptOf[route.screen]();
  switch (route.screen) {
    case 'archive': return html`<archive-screen .path=${route.path}></archive-screen>`;
    case 'audit': return html`<audit-screen .path=${route.path}></audit-screen>`;
    case 'administration': return html`<administration-screen .path=${route.path}></administration-screen>`;
  }
};
