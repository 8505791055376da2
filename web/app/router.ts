import { Store } from '../client/store.ts';

export type Route =
  | { readonly screen: 'home' | 'files' | 'calls' | 'call-test' }
  /** `revision`: the line to show in its place; null opens at the first unread, else the end. */
  | { readonly screen: 'conversation'; readonly conversationId: string; readonly revision: number | null }
  /** A conversation in a window of its own, without the list. */
  | { readonly screen: 'window'; readonly conversationId: string }
  /** `within`: only in that conversation. */
  | { readonly screen: 'search'; readonly query: string; readonly within: string | null }
  | { readonly screen: 'space'; readonly spaceId: string }
  /** `path`: what follows the screen's own word, without slashes at its ends. */
  | { readonly screen: 'archive' | 'audit' | 'administration'; readonly path: string }
  /** What a link to a meeting names: an id, or the name of a room. What guests are told stands in the fragment, which no server is. */
  | { readonly screen: 'meet'; readonly where: string; readonly fragment: string }
  | { readonly screen: 'sign-in'; readonly name: string }
  /** `token` comes in the fragment, so that no server log ever holds it. */
  | { readonly screen: 'first' | 'password'; readonly token: string }
  | { readonly screen: 'nowhere' };

type Found = { readonly groups: Readonly<Record<string, string | undefined>>; readonly url: URL };
const id = '([0-9a-f\\-]{36})';
const places: readonly (readonly [pattern: URLPattern, route: (found: Found) => Route])[] = (
  [
    ['/', () => ({ screen: 'home' })],
    [`/c/:conversationId${id}`, ({ groups }) => ({ screen: 'conversation', conversationId: groups['conversationId']!, revision: null })],
    [`/c/:conversationId${id}/at/:revision(\\d{1,15})`, ({ groups }) => ({ screen: 'conversation', conversationId: groups['conversationId']!, revision: Number(groups['revision']) })],
    [`/window/:conversationId${id}`, ({ groups }) => ({ screen: 'window', conversationId: groups['conversationId']! })],
    ['/search', ({ url }) => ({ screen: 'search', query: url.searchParams.get('q') ?? '', within: url.searchParams.get('in') })],
    ['/meet/:where(.{1,100})', ({ groups, url }) => ({ screen: 'meet', where: groups['where']!, fragment: url.hash.slice(1) })],
    ['/files', () => ({ screen: 'files' })],
    ['/calls', () => ({ screen: 'calls' })],
    ['/calls/test', () => ({ screen: 'call-test' })],
    [`/spaces/:spaceId${id}`, ({ groups }) => ({ screen: 'space', spaceId: groups['spaceId']! })],
    ['/archive{/*}?', ({ groups }) => ({ screen: 'archive', path: groups['0'] ?? '' })],
    ['/audit{/*}?', ({ groups }) => ({ screen: 'audit', path: groups['0'] ?? '' })],
    ['/administration{/*}?', ({ groups }) => ({ screen: 'administration', path: groups['0'] ?? '' })],
    ['/sign-in', ({ url }) => ({ screen: 'sign-in', name: url.searchParams.get('name') ?? '' })],
    ['/first', ({ url }) => ({ screen: 'first', token: url.hash.slice(1) })],
    ['/password', ({ url }) => ({ screen: 'password', token: url.hash.slice(1) })],
  ] as const satisfies readonly (readonly [string, (found: Found) => Route])[]
).map(([pathname, route]) => [new URLPattern({ pathname }), route] as const);

/** The place an address of this origin means. */
export const routeOf = (address: string): Route => {
  const url = new URL(address, location.origin);
  for (const [pattern, route] of places) {
    const found = pattern.exec({ pathname: url.pathname });
    if (found) return route({ groups: found.pathname.groups, url });
  }
  return { screen: 'nowhere' };
};

/** Where this tab is. */
export const route = new Store<Route>(routeOf(location.href));

/** Goes to an address of ours; `replace` leaves no step to come back to. */
export const navigate = (address: string, { replace = false } = {}): void => {
  const url = new URL(address, location.origin);
  if (url.href !== location.href) history[replace ? 'replaceState' : 'pushState'](null, '', url);
  route.set(routeOf(url.href));
};

export const pathOfConversation = (conversationId: string, revision?: number): string => `/c/${conversationId}${revision === undefined ? '' : `/at/${revision}`}`;

/** Opens a conversation in a window of its own; one that is open already comes to the front as it is. False where the browser keeps it closed. */
export const openWindow = (conversationId: string): boolean => {
  const opened = window.open('', `hansard-${conversationId}`, 'popup,width=460,height=720');
  if (!opened) return false;
  if (opened.location.href === 'about:blank') opened.location.replace(`/window/${conversationId}`);
  opened.focus();
  return true;
};

export const pathOfSearch = (query: string, within?: string | null): string => `/search?${new URLSearchParams({ ...(query ? { q: query } : {}), ...(within ? { in: within } : {}) })}`;

/** Links are real links; plain presses on those of ours stay in this page. Runs for the life of the page. */
export const watchLinks = (): void => {
  addEventListener('popstate', () => route.set(routeOf(location.href)));
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    if (!link?.href || link.target || link.hasAttribute('download') || link.origin !== location.origin || link.pathname.startsWith('/api/') || link.pathname.startsWith('/docs')) return;
    event.preventDefault();
    navigate(link.href);
  });
};
