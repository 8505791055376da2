import { describe, expect, it } from 'vitest';
import { askingForSilence, isReachable } from '#web/calls/asked-for.ts';

const described = (...lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');

describe('what a device asks the others for', () => {
  it('is next to nothing while nobody speaks, in every Opus and in nothing else', () => {
    const asked = askingForSilence(described('m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1', 'a=rtpmap:63 red/48000/2', 'a=fmtp:63 111/111', 'm=video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=rtpmap:96 VP8/90000', 'a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96'));
    expect(asked).toBe(described('m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1', 'a=rtpmap:63 red/48000/2', 'a=fmtp:63 111/111', 'm=video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=rtpmap:96 VP8/90000', 'a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96'));
    expect(askingForSilence(asked)).toBe(asked);
  });
  it('leaves a description without Opus as it is', () => {
    const plain = described('m=audio 9 UDP/TLS/RTP/SAVPF 9', 'a=rtpmap:9 G722/8000', 'a=fmtp:9 x=1');
    expect(askingForSilence(plain)).toBe(plain);
  });
});

describe('a candidate that is told to the others', () => {
  it('is one that they can reach', () => {
    const at = (rest: string): { readonly candidate: string } => ({ candidate: `candidate:1 1 ${rest}` });
    expect(isReachable(at('udp 2122260223 192.0.2.1 51000 typ host generation 0'))).toBe(true);
    expect(isReachable(at('udp 41885439 192.0.2.9 61000 typ relay raddr 192.0.2.1 rport 51000'))).toBe(true);
    expect(isReachable(at('tcp 1518280447 192.0.2.1 50100 typ host tcptype passive'))).toBe(true);
    expect(isReachable(at('tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0'))).toBe(false);
  });
});
