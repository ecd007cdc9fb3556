// G.711 mu-law: eight bits for each sample of a telephone line. Samples are floats from -1 to 1.

const BIAS = 132;
const CLIP = 32635;

export const SILENCE = 0xff;

export function encode(sample) {
  let value = Math.round(sample * 32768);
  const sign = value < 0 ? 0x80 : 0;
  value = Math.min(Math.abs(value), CLIP) + BIAS;
  const exponent = 31 - Math.clz32(value) - 7;
  const mantissa = (value >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

const DECODED = Float32Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const value = (((code & 0x0f) << 3) + BIAS << ((code & 0x70) >> 4)) - BIAS;
  return (code & 0x80 ? -value : value) / 32768;
});

export const decode = (bytes) => Float32Array.from(bytes, (byte) => DECODED[byte]);
