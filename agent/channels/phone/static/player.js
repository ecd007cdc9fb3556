// On the audio thread: plays 8 kHz mu-law that arrives in uneven pieces. `clear` drops what is unplayed; a mark is
// told back when everything before it was played, or dropped.

import { decode } from "./mulaw.js";
import { Resampler } from "./resample.js";

const RATE = 8000;
const SHORTEST = 0.06 * RATE; // what must have arrived before playing begins
const LONGEST = 0.24 * RATE; // where a bad line may push that
const STEP = 0.03 * RATE;
const STALL = 0.25 * RATE; // speech that goes on within this time was late, not over
const FADE = 0.005 * RATE;

class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(RATE, sampleRate);
    this.queue = []; // pieces of sound and {mark}
    this.at = 0; // samples of the first piece that were played
    this.unplayed = 0;
    this.cushion = SHORTEST;
    this.waited = 0;
    this.silent = Infinity; // samples since the last one played
    this.playing = false;
    this.over = false;
    this.ready = []; // resampled, on their way out
    this.take = (sample) => this.ready.push(sample);
    this.port.onmessage = ({ data }) => this[data.do](data);
  }

  sound({ bytes }) {
    if (!this.playing && !this.unplayed && this.silent < STALL && !this.ended) this.cushion = Math.min(LONGEST, this.cushion + STEP);
    this.ended = false;
    this.queue.push(decode(bytes));
    this.unplayed += bytes.length;
  }

  mark({ name }) {
    this.queue.push({ mark: name });
    if (!this.playing) this.pass();
  }

  clear() {
    const rest = Float32Array.from({ length: Math.min(FADE, this.unplayed) }, (_, i) => this.sample() * (1 - i / FADE));
    const marks = this.queue.filter(({ mark }) => mark !== undefined);
    this.queue = this.playing ? [rest] : [];
    this.at = 0;
    this.unplayed = this.playing ? rest.length : 0;
    this.ended = true;
    for (const { mark } of marks) this.port.postMessage({ mark });
  }

  stop() {
    this.over = true;
  }

  // Tell back the marks that have nothing left before them.
  pass() {
    while (this.queue.length && (this.queue[0].mark !== undefined || this.at >= this.queue[0].length)) {
      const { mark } = this.queue.shift();
      this.at = 0;
      if (mark === undefined) continue;
      this.ended = true;
      this.port.postMessage({ mark });
    }
  }

  sample() {
    this.pass();
    const value = this.queue[0][this.at];
    this.at += 1;
    this.unplayed -= 1;
    return value;
  }

  // One sample of the line: speech, or silence while too little has arrived.
  next() {
    if (!this.playing && this.unplayed) {
      this.waited += 1;
      if (this.unplayed >= this.cushion || this.waited >= this.cushion) this.turn(true);
    }
    if (!this.playing) {
      this.silent += 1;
      return 0;
    }
    const value = this.sample();
    if (!this.unplayed) {
      this.pass();
      this.turn(false);
    }
    return value;
  }

  turn(playing) {
    this.playing = playing;
    this.waited = 0;
    this.silent = 0;
    this.port.postMessage({ playing });
  }

  process(_, [output]) {
    const samples = output[0];
    while (this.ready.length < samples.length) this.resampler.push(this.next(), this.take);
    for (let i = 0; i < samples.length; i += 1) samples[i] = this.ready[i];
    this.ready.splice(0, samples.length);
    return !this.over;
  }
}

registerProcessor("player", Player);
