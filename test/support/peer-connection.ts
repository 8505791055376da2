/** Stands in for a browser's RTCPeerConnection (W3C WebRTC 1.0): states of signalling and what was applied. It carries no media and finds no paths; it does not prove that a browser connects. */
export class PretendedConnection extends EventTarget {
  signalingState: RTCSignalingState = 'stable';
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  /** In the order in which they were applied. */
  readonly applied: string[] = [];
  #offers = 0;

  getTransceivers(): [] {
    return [];
  }
  getReceivers(): [] {
    return [];
  }
  addTransceiver(): void {
    queueMicrotask(() => this.dispatchEvent(new Event('negotiationneeded')));
  }
  restartIce(): void {
    this.dispatchEvent(new Event('negotiationneeded'));
  }
  setLocalDescription(): Promise<void> {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    if (type === 'offer') this.#offers++;
    this.localDescription = { type, sdp: `${type} ${this.#offers}` };
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
    return Promise.resolve();
  }
  setRemoteDescription(described: RTCSessionDescriptionInit): Promise<void> {
    this.remoteDescription = described;
    this.applied.push(described.sdp ?? '');
    this.signalingState = described.type === 'offer' ? 'have-remote-offer' : 'stable';
    return Promise.resolve();
  }
  connects(): void {
    this.connectionState = 'connected';
    this.dispatchEvent(new Event('connectionstatechange'));
  }
  close(): void {
    this.connectionState = 'closed';
  }
}
