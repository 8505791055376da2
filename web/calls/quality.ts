/** `lost`: nothing gets through now. */
export type Quality = 'good' | 'poor' | 'lost';

/** One look at a connection. Counters grow for its whole life; round-trip time in seconds. */
export type Sample = { readonly connected: boolean; readonly roundTrip: number | null; readonly received: number; readonly lost: number };

const poorRoundTrip = 0.4;
const poorLoss = 0.05;
/** Fewer packets than this say nothing about loss. */
const packetsMin = 20;

/** From two looks a few seconds apart. One lost packet in twenty or 400 ms round trip is what people hear (ITU-T G.114 allows 150 ms one way before talk suffers). */
export const qualityOf = (before: Sample | undefined, now: Sample): Quality => {
  if (!now.connected) return 'lost';
  const lost = Math.max(0, now.lost - (before?.lost ?? 0));
  const received = Math.max(0, now.received - (before?.received ?? 0));
  const isLossy = lost + received >= packetsMin && lost / (lost + received) > poorLoss;
  return isLossy || (now.roundTrip ?? 0) > poorRoundTrip ? 'poor' : 'good';
};

type Report = { readonly type: string; readonly [field: string]: unknown };

/** Reads W3C webrtc-stats: the nominated pair's round trip and all inbound streams' packets. */
export const sampleOf = (reports: Iterable<Report>, connected: boolean): Sample => {
  let roundTrip: number | null = null;
  let received = 0;
  let lost = 0;
  for (const report of reports) {
    if (report.type === 'candidate-pair' && report['nominated'] === true && typeof report['currentRoundTripTime'] === 'number') roundTrip = report['currentRoundTripTime'];
    if (report.type === 'inbound-rtp') {
      received += Number(report['packetsReceived'] ?? 0);
      lost += Number(report['packetsLost'] ?? 0);
    }
  }
  return { connected, roundTrip, received, lost };
};
