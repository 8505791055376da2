import type { Tab } from './journey-tab.ts';
import { eventually } from './waiting.ts';

/**
 * Chromium's own pretended microphone (beeps), camera (a moving picture) and screen, given without asking. Slow pictures: two processors encode
 * and decode all of them. What it does not prove: real devices, real permission questions.
 */
export const callFlags = ['--use-fake-device-for-media-stream=fps=10', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection', '--disable-features=WebRtcHideLocalIpsWithMdns'];
/** The same where the browser is to refuse microphone and camera; a tab with `permissions: mediaPermissions` has them. */
export const askingFlags = callFlags.filter((flag) => !flag.includes('fake-ui'));
export const mediaPermissions = ['camera', 'microphone'];

/** Pictures that are small enough, and sound that is plain enough, for eight people on two processors. */
export const smallPictures = async ({ page }: Tab): Promise<void> => {
  await page.addInitScript(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wanted = {}) => ask({ ...wanted, ...(wanted.audio ? { audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } } : {}), ...(wanted.video ? { video: { width: 96, height: 72, frameRate: 3 } } : {}) });
  });
};

/** Frames that were decoded of each of the others, by account; a screen as `account/screen`. */
export const framesOf = ({ page }: Tab): Promise<Readonly<Record<string, number>>> =>
  page.locator('call-tile[data-account]').evaluateAll((tiles) =>
    Object.fromEntries(tiles.map((tile) => {
      const video = tile.shadowRoot?.querySelector('video');
      return [`${tile.getAttribute('data-account')}${tile.hasAttribute('whole') ? '/screen' : ''}`, video?.getVideoPlaybackQuality().totalVideoFrames ?? 0];
    })));

const looksEveryMs = 50;

/** Waits until pictures of all of these move: more frames than before were decoded, or than the first look at a picture that came or began anew. One frame alone stands still. Gives back the counts. */
export const seesMove = async (tab: Tab, accounts: readonly string[], withinMs = 20_000): Promise<Readonly<Record<string, number>>> => {
  const before = await framesOf(tab);
  const least: Record<string, number> = {};
  const looked = (): void => {
    for (const account of accounts) if (now[account]) least[account] = Math.min(least[account] ?? Infinity, now[account]);
  };
  let now = before;
  looked();
  await eventually(`${tab.name} sees ${accounts.length} moving pictures`, async () => {
    await tab.page.waitForTimeout(looksEveryMs * accounts.length); // Asking is work too, for the page that draws them.
    now = await framesOf(tab);
    looked();
    return accounts.every((account) => (now[account] ?? 0) > (least[account] ?? Infinity)) || undefined;
  }, () => ({ before, now, wanted: accounts }), withinMs);
  return now;
};

/** Presses Call, and Start or Join in the lobby. */
export const goesIntoCall = async (tab: Tab, button: 'Start call' | 'Join'): Promise<void> => {
  await (button === 'Join' ? tab.presses('Join the call') : tab.presses('Call'));
  await tab.presses(button, lobbyOf(tab));
  await tab.sees(tab.page.locator('call-in-progress'));
};
/** A timeline that is still to be seen has a "Join" of its own. */
export const lobbyOf = ({ page }: Tab) => page.locator('call-lobby');
export const ringOf = (tab: Tab) => tab.page.getByRole('alertdialog');

/**
 * Nothing of the page runs meanwhile, and what comes for it waits: as in a telephone that has put it to sleep. What it does not prove: what the systems
 * of real telephones do to microphone, camera and the way of the media.
 */
export const standsStill = async ({ page }: Tab, meanwhile: () => Promise<void>): Promise<void> => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Debugger.enable');
  const stands = new Promise<unknown>((resolve) => devtools.once('Debugger.paused', resolve));
  await devtools.send('Debugger.pause');
  await stands;
  await meanwhile();
  await devtools.detach();
};

/** From the next load on, what the page's connections carry can be asked. `relayed`: the browser behaves as where no network lets it out but to a relay. */
export const watchesPaths = async ({ page }: Tab, { relayed = false }: { readonly relayed?: boolean } = {}): Promise<void> => {
  await page.addInitScript((relayOnly) => {
    const paths: RTCPeerConnection[] = [];
    Object.assign(globalThis, { paths });
    const confined = (configuration: RTCConfiguration = {}): RTCConfiguration => (relayOnly ? { ...configuration, iceTransportPolicy: 'relay' } : configuration);
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(confined(configuration));
        paths.push(this);
      }
      override setConfiguration(configuration?: RTCConfiguration): void {
        super.setConfiguration(confined(configuration));
      }
    };
  }, relayed);
};
/** `pair`: types of the candidates in use, this side's and the other's. */
export type PathSeen = { readonly pair: readonly unknown[]; readonly directions: readonly (string | null)[]; readonly codecs: readonly string[]; readonly maxBitrates: readonly (number | undefined)[] };
/** Of connections that are open: the way, directions of sound, picture and screen, the codecs in use, the caps of what is sent. */
export const pathsOf = ({ page }: Tab): Promise<readonly PathSeen[]> =>
  page.evaluate(async () => {
    const { paths } = globalThis as unknown as { readonly paths: readonly RTCPeerConnection[] };
    return Promise.all(paths.filter(({ connectionState }) => connectionState === 'connected').map(async (path) => {
      const reports = [...((await path.getStats()) as unknown as Map<string, Record<string, unknown>>).values()];
      const used = reports.filter(({ type }) => type === 'inbound-rtp').map(({ codecId }) => reports.find(({ id }) => id === codecId)?.['mimeType']);
      const chosen = reports.find(({ id }) => id === reports.find(({ type }) => type === 'transport')?.['selectedCandidatePairId']);
      const pair = ['localCandidateId', 'remoteCandidateId'].map((side) => reports.find(({ id }) => id === chosen?.[side])?.['candidateType']);
      return { pair, directions: path.getTransceivers().map(({ currentDirection }) => currentDirection), codecs: [...new Set(used.filter(Boolean) as string[])].sort(), maxBitrates: path.getSenders().map((sender) => sender.getParameters().encodings[0]?.maxBitrate) };
    }));
  });
