/**
 * The description with Opus asked to send next to nothing while nobody speaks (RFC 7587 7.1, `usedtx`: about two packets a second in place of fifty). What a
 * device says of itself is what it wants to be sent, so each asks the other. In a mesh most people are silent most of the time, and every packet
 * costs seven others the sealing, sending and opening of it.
 */
export const askingForSilence = (sdp: string): string => {
  const opus = new Set([...sdp.matchAll(/^a=rtpmap:(\d+) opus\//gim)].map(([, type]) => type));
  return sdp.replace(/^a=fmtp:(\d+) [^\r\n]*/gm, (line, type: string) => (opus.has(type) && !line.includes('usedtx=') ? `${line};usedtx=1` : line));
};

/** Nobody can reach a browser where it only calls out over TCP (RFC 6544 4.5, port 9): such candidates are not told to the others. */
export const isReachable = ({ candidate }: { readonly candidate: string }): boolean => !/ tcptype active\b/.test(candidate);
