// One call over the socket that telephones use: the events of Twilio Media Streams, as its own servers send them.

const LATE = 16_000; // characters not yet sent, about 1.5 seconds of sound; what is later than that is left out

const hex = (bytes) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const toText = (bytes) => btoa(String.fromCharCode(...bytes));
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export class Line {
  // onEvent(event) for all but sound; onSound(bytes); onSlow(); onClose(code) unless we hung up.
  constructor({ url, token, callSid, lang }, handlers) {
    Object.assign(this, handlers);
    this.ids = { streamSid: `MZ${hex(16)}`, callSid: callSid ?? `CA${hex(16)}`, accountSid: "browser" };
    this.sent = 0;
    this.chunks = 0;
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => {
      socket.send(JSON.stringify({ event: "connected", protocol: "Call", version: "1.0.0" }));
      const mediaFormat = { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 };
      this.send("start", { ...this.ids, tracks: ["inbound"], customParameters: { token, lang }, mediaFormat });
      this.open = true;
    };
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.event === "media") this.onSound(toBytes(event.media.payload));
      else this.onEvent(event);
    };
    socket.onclose = ({ code }) => {
      this.open = false;
      if (!this.over) this.onClose(code);
    };
  }

  send(event, content) {
    this.sent += 1;
    this.socket.send(JSON.stringify({ event, sequenceNumber: String(this.sent), [event]: content, streamSid: this.ids.streamSid }));
  }

  say(frame) {
    if (!this.open) return;
    this.chunks += 1;
    if (this.socket.bufferedAmount > LATE) {
      this.onSlow();
      return;
    }
    const timestamp = String(this.chunks * 20);
    this.send("media", { track: "inbound", chunk: String(this.chunks), timestamp, payload: toText(frame) });
  }

  key(digit) {
    if (this.open) this.send("dtmf", { track: "inbound_track", digit });
  }

  mark(name) {
    if (this.open) this.send("mark", { name });
  }

  hangUp() {
    this.over = true;
    if (this.open) this.send("stop", { accountSid: this.ids.accountSid, callSid: this.ids.callSid });
    this.open = false;
    this.socket.close(1000);
  }
}
