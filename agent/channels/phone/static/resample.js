// Changes the sample rate of a stream by any ratio of whole numbers, with a windowed-sinc filter against aliasing.
// The passband ends at 0.8 of the lower rate's half, and what lies beyond that half is at least 50 dB down.

const CROSSINGS = 24; // zero crossings of the sinc on each side; the delay is as many samples of the lower rate
const CUTOFF = 0.9;

const divisor = (a, b) => (b ? divisor(b, a % b) : a);
const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const blackman = (x) => (Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x));

export class Resampler {
  constructor(from, to) {
    const common = divisor(from, to);
    this.up = to / common;
    this.down = from / common;
    const half = Math.ceil(CROSSINGS * Math.max(1, from / to));
    const band = CUTOFF * Math.min(1, to / from);
    this.taps = 2 * half;
    this.phases = Array.from({ length: this.up }, (_, phase) => {
      const row = Float32Array.from({ length: this.taps }, (_, tap) => {
        const x = tap - half + 1 - phase / this.up;
        return sinc(band * x) * blackman(x / half);
      });
      const sum = row.reduce((total, value) => total + value, 0);
      return row.map((value) => value / sum);
    });
    this.kept = new Float32Array(2 * this.taps); // the newest samples, twice, so that they always lie in one piece
    this.at = 0;
    this.next = this.up; // how far the next sample out lies ahead of the newest one in, in 1/up samples
  }

  // Take one sample in; `out` is called with each sample that is ready.
  push(sample, out) {
    this.at = (this.at + 1) % this.taps;
    this.kept[this.at] = sample;
    this.kept[this.at + this.taps] = sample;
    this.next -= this.up;
    while (this.next < this.up) {
      out(this.filtered(this.phases[this.next]));
      this.next += this.down;
    }
  }

  filtered(row) {
    let sum = 0;
    for (let tap = 0, from = this.at + 1; tap < this.taps; tap += 1) sum += row[tap] * this.kept[from + tap];
    return sum;
  }
}
