// On the audio thread: the microphone as 20 ms frames of 8 kHz mu-law. Muted, it goes on with frames of silence.

import { SILENCE, encode } from "./mulaw.js";
import { Resampler } from "./resample.js";

const FRAME = 160;

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, 8000);
    this.muted = false;
    this.over = false;
    this.begin();
    this.take = (sample) => this.add(sample);
    this.port.onmessage = ({ data }) => Object.assign(this, data);
  }

  begin() {
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.energy = 0;
  }

  add(sample) {
    this.frame[this.filled] = this.muted ? SILENCE : encode(sample);
    this.energy += sample * sample;
    this.filled += 1;
    if (this.filled < FRAME) return;
    const level = this.muted ? 0 : Math.sqrt(this.energy / FRAME);
    this.port.postMessage({ frame: this.frame, level }, [this.frame.buffer]);
    this.begin();
  }

  process([input], [output]) {
    const samples = input[0];
    for (let i = 0; i < output[0].length; i += 1) this.resampler.push(samples ? samples[i] : 0, this.take);
    return !this.over;
  }
}

registerProcessor("microphone", Microphone);
