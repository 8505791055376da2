/** Loudness of a track now, 0 to 1 (root mean square of the last 20 ms or so). Call `end` to let it go. */
export const levelMeter = (track: MediaStreamTrack): { readonly level: () => number; readonly end: () => void } => {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    },
    end: () => {
      source.disconnect();
      void context.close();
    },
  };
};
