// The microphone and the loudspeaker, each with a worklet of its own. Must be made in a click, or nothing is heard.

import { Trouble } from "./trouble.js";

const WANTED = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
const REFUSALS = {
  NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "no_microphone", OverconstrainedError: "no_microphone",
  NotReadableError: "microphone_in_use", AbortError: "microphone_in_use",
};
const worklet = (name) => new URL(`./${name}.js`, import.meta.url);

export class Sound {
  // onFrame(bytes, level): 20 ms were said; onMark(name), onPlaying(yes): from the loudspeaker; onLost(): no microphone.
  constructor(handlers) {
    Object.assign(this, handlers);
    if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) throw new Trouble("unsupported");
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.context.onstatechange = () => this.context.state !== "closed" && this.context.resume().catch(() => {});
  }

  async open() {
    const modules = ["microphone", "player"].map((name) => this.context.audioWorklet.addModule(worklet(name)));
    await Promise.all([this.listen(), this.context.resume(), ...modules]);
    if (this.closed) return;
    const [track] = this.stream.getAudioTracks();
    track.onended = () => this.onLost();
    this.player = new AudioWorkletNode(this.context, "player", { numberOfInputs: 0, outputChannelCount: [1] });
    this.player.port.onmessage = ({ data }) => (data.mark === undefined ? this.onPlaying(data.playing) : this.onMark(data.mark));
    this.player.connect(this.context.destination);
    this.microphone = new AudioWorkletNode(this.context, "microphone", { channelCount: 1, channelCountMode: "explicit", outputChannelCount: [1] });
    this.microphone.port.onmessage = ({ data }) => this.onFrame(data.frame, data.level);
    this.context.createMediaStreamSource(this.stream).connect(this.microphone).connect(this.context.destination);
  }

  async listen() {
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: WANTED }).catch((refusal) => {
      throw new Trouble(REFUSALS[refusal.name] ?? "unsupported");
    });
    if (this.closed) this.close(); // the call was given up while the browser asked
  }

  play(bytes) {
    this.player?.port.postMessage({ do: "sound", bytes }, [bytes.buffer]);
  }

  mark(name) {
    this.player?.port.postMessage({ do: "mark", name });
  }

  clear() {
    this.player?.port.postMessage({ do: "clear" });
  }

  mute(muted) {
    this.microphone?.port.postMessage({ muted });
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  close() {
    this.closed = true;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.microphone?.port.postMessage({ over: true });
    this.player?.port.postMessage({ do: "stop" });
    if (this.context.state !== "closed") this.context.close();
  }
}
