/** `protocol`: over which the relay was reached, udp, tcp or tls. */
export type Found = { readonly is: 'relayed'; readonly protocol: string; readonly address: string; readonly ms: number } | { readonly is: 'none'; readonly says: string };

const withinMs = 8_000;
/** `protocol` of a candidate tells of the way from the relay to the other one, which is always UDP. */
const overWhich = (candidate: RTCIceCandidate): string => (candidate as RTCIceCandidate & { readonly relayProtocol?: string | null }).relayProtocol ?? 'udp';

/**
 * Asks the relays for a candidate, and for nothing else (W3C WebRTC, iceTransportPolicy "relay"): what comes back is a path that works where no
 * direct one does.
 */
export const findRelay = async (servers: readonly RTCIceServer[]): Promise<Found> => {
  const relays = servers.filter(({ urls }) => [urls].flat().some((url) => url.startsWith('turn')));
  if (relays.length === 0) return { is: 'none', says: 'This workspace names no relay. People on one network reach each other; across networks a call may not connect.' };
  const connection = new RTCPeerConnection({ iceServers: relays, iceTransportPolicy: 'relay' });
  const began = performance.now();
  const faults: string[] = [];
  try {
    return await new Promise<Found>((resolve) => {
      setTimeout(() => resolve({ is: 'none', says: `The relay gave no path within ${withinMs / 1_000} seconds.${faults.length > 0 ? ` It said: ${faults.join('; ')}.` : ' A firewall may be in between: ask for its port (3478 by default) to be opened.'}` }), withinMs);
      connection.addEventListener('icecandidateerror', (event) => void faults.push(`${event.errorCode} ${event.errorText}`.trim()));
      connection.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate?.type === 'relay') resolve({ is: 'relayed', protocol: overWhich(candidate), address: `${candidate.address ?? ''}:${candidate.port ?? ''}`, ms: Math.round(performance.now() - began) });
      });
      connection.createDataChannel('relay test');
      void connection.setLocalDescription();
    });
  } finally {
    connection.close();
  }
};
