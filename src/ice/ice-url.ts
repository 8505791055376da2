/** `stun:`, `turn:` and `turns:` URIs (RFC 7064, RFC 7065). */
export type IceUrl = { readonly scheme: 'stun' | 'turn' | 'turns'; readonly host: string; readonly port: number; readonly transport: 'udp' | 'tcp' | 'tls' };

const form = /^(stun|turn|turns):(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/;

/** What a URL says, with the ports and transports that it leaves out; undefined for what is none, or what no server could answer. `host` is without brackets. */
export const iceUrl = (url: string): IceUrl | undefined => {
  const [, scheme, host, portText, transport] = form.exec(url) ?? [];
  const port = portText === undefined ? (scheme === 'turns' ? 5_349 : 3_478) : Number(portText);
  if (scheme === undefined || host === undefined || port < 1 || port > 65_535 || (scheme === 'stun' && transport !== undefined) || (scheme === 'turns' && transport === 'udp')) return undefined;
  return { scheme: scheme as IceUrl['scheme'], host: host.replace(/^\[|\]$/g, ''), port, transport: scheme === 'turns' ? 'tls' : transport === 'tcp' ? 'tcp' : 'udp' };
};
