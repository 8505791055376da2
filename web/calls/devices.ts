import { Store } from '../client/store.ts';

export type Devices = { readonly microphones: readonly MediaDeviceInfo[]; readonly cameras: readonly MediaDeviceInfo[]; readonly speakers: readonly MediaDeviceInfo[] };

/** What is plugged in. Names come only after a permission was given. */
export const devices = new Store<Devices>({ microphones: [], cameras: [], speakers: [] });

/** Media needs a secure context (HTTPS or localhost). */
export const canCall = (): boolean => navigator.mediaDevices !== undefined && typeof RTCPeerConnection === 'function';
export const canShareScreen = (): boolean => typeof navigator.mediaDevices?.getDisplayMedia === 'function';
export const canChooseSpeaker = (): boolean => typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;

export const lookAtDevices = async (): Promise<Devices> => {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const of = (kind: MediaDeviceKind): MediaDeviceInfo[] => all.filter((device) => device.kind === kind && device.deviceId !== '' && !['default', 'communications'].includes(device.deviceId));
  const found = { microphones: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') };
  devices.set(found);
  return found;
};

/** What came and what went between two looks, by name, for a sentence to the person. */
export const changedDevices = (before: Devices, now: Devices): { readonly came: readonly string[]; readonly went: readonly string[] } => {
  const all = ({ microphones, cameras, speakers }: Devices): MediaDeviceInfo[] => [...microphones, ...cameras, ...speakers];
  const namesOnlyIn = (one: Devices, other: Devices): string[] => {
    const known = new Set(all(other).map(({ deviceId }) => deviceId));
    return [...new Set(all(one).filter(({ deviceId, label }) => label !== '' && !known.has(deviceId)).map(({ label }) => label))];
  };
  return { came: namesOnlyIn(now, before), went: namesOnlyIn(before, now) };
};

/** Calls `notice` whenever something was plugged in or out. Gives back how to end it. */
export const watchDevices = (notice: (came: readonly string[], went: readonly string[]) => void): (() => void) => {
  const look = async (): Promise<void> => {
    const before = devices.value;
    const { came, went } = changedDevices(before, await lookAtDevices());
    if (before.microphones.length + before.cameras.length > 0 && came.length + went.length > 0) notice(came, went);
  };
  const changed = (): void => void look();
  navigator.mediaDevices?.addEventListener('devicechange', changed);
  return () => navigator.mediaDevices?.removeEventListener('devicechange', changed);
};

/** What happened and what to do, for a device that did not open (W3C Media Capture, getUserMedia failures). */
export const deviceFault = (cause: unknown, what: 'microphone' | 'camera' | 'screen'): string => {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError' && what === 'screen') return 'Your screen is not shared. Choose what to share in the browser’s own window; where none appears, the system may forbid screen recording to this browser.';
  if (name === 'NotAllowedError') return `The browser may not use your ${what}. Press the ${what} sign in its address bar, allow it for this page, then try again. Where that is missing, allow it to the browser in the system’s privacy settings.`;
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return `No ${what} was found. Plug one in or choose another; you can take part without.`;
  if (name === 'NotReadableError' || name === 'AbortError') return `Your ${what} is in use by another program, or did not start. Close that program, then try again.`;
  return `Your ${what} cannot be opened here. ${isSecureContext ? 'Try again, or choose another.' : 'Browsers give it only to pages reached by HTTPS.'}`;
};
