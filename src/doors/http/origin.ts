/**
 * Whether a request that changes something, or opens a socket, comes from our own pages. Browsers always send Origin or
 * Sec-Fetch-Site with such requests; clients that are not browsers send neither and carry no ambient cookie of a victim.
 * `publicOrigin` is the configured address; without one, what the request calls its host counts.
 */
export const isOwnOrigin = (headers: { readonly origin?: string | undefined; readonly host?: string | undefined; readonly fetchSite?: string | undefined }, publicOrigin: string | undefined): boolean => {
  if (headers.fetchSite !== undefined && headers.fetchSite !== 'same-origin' && headers.fetchSite !== 'none') return false;
  if (headers.origin === undefined) return true;
  if (publicOrigin !== undefined && headers.origin === publicOrigin) return true;
  if (publicOrigin !== undefined && !isLoopback(headers.host)) return false;
  return headers.host !== undefined && (headers.origin === `http://${headers.host}` || headers.origin === `https://${headers.host}`);
};

const isLoopback = (host: string | undefined): boolean => host !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);
