import { connectivityState, type ChannelInterface } from '@grpc/grpc-js';

/** Resolves once the channel has a connection; rejects where it has none in time or was closed. The call that waits on it makes it connect. */
export const whenConnected = (channel: ChannelInterface, withinMs: number): Promise<void> => {
  const deadline = Date.now() + withinMs;
  return new Promise((resolve, reject) => {
    const look = (late?: Error): void => {
      const state = channel.getConnectivityState(false);
      if (state === connectivityState.READY) resolve();
      else if (state === connectivityState.SHUTDOWN) reject(new Error('the connection was closed'));
      else if (late) reject(new Error(`it was not connected within ${withinMs} ms`));
      else channel.watchConnectivityState(state, deadline, look);
    };
    look();
  });
};
