/** Bits per second, as the workspace allows them. */
export type WorkspaceCaps = { readonly participantBitsPerSecond: number; readonly screenBitsPerSecond: number };
export type SendCaps = {
  readonly audio: { readonly maxBitrate: number };
  readonly video: { readonly maxBitrate: number; readonly maxFramerate: number; readonly scaleResolutionDownBy: number };
  readonly screen: { readonly maxBitrate: number; readonly maxFramerate: number };
};

const speechBits = 40_000;
const pictureBitsLeast = 80_000;
/** A mesh sends one's picture once to everybody: together no more than three times what one of them may get, so that eight people fit a home line. */
const copiesAtFullRate = 3;

/** What one may send to each of `others`: picture and sound together stay under the cap of a participant, and the more people, the smaller the picture. */
export const capsFor = ({ participantBitsPerSecond, screenBitsPerSecond }: WorkspaceCaps, others: number): SendCaps => {
  const audio = Math.min(speechBits, participantBitsPerSecond);
  const share = Math.min(1, copiesAtFullRate / Math.max(1, others));
  return {
    audio: { maxBitrate: audio },
    video: {
      maxBitrate: Math.max(pictureBitsLeast, Math.floor((participantBitsPerSecond - audio) * share)),
      maxFramerate: others > 4 ? 15 : 30,
      scaleResolutionDownBy: others > 4 ? 2 : 1,
    },
    screen: { maxBitrate: Math.max(pictureBitsLeast, Math.floor(screenBitsPerSecond * share)), maxFramerate: 15 },
  };
};

/** Puts a cap on a sender that has been negotiated (W3C WebRTC 5.2, setParameters); one that has not yet is left for the next time. */
export const applyCap = async (sender: RTCRtpSender, cap: Partial<RTCRtpEncodingParameters>): Promise<void> => {
  const parameters = sender.getParameters();
  const encoding = parameters.encodings?.[0];
  if (!encoding || Object.entries(cap).every(([name, value]) => encoding[name as keyof RTCRtpEncodingParameters] === value)) return;
  Object.assign(encoding, cap);
  await sender.setParameters(parameters).catch(() => undefined); // The track went away meanwhile.
};

type Codec = { readonly mimeType: string };
/** The same codecs, those of `mimeType` first. What comes with them (RTX, RED, FEC) keeps its order. */
export const preferring = <C extends Codec>(codecs: readonly C[], mimeType: string): C[] => {
  const wanted = (codec: C): boolean => codec.mimeType.toLowerCase() === mimeType.toLowerCase();
  return [...codecs.filter(wanted), ...codecs.filter((codec) => !wanted(codec))];
};
