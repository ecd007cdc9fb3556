// The live line to one conversation: reconnects with growing pauses, notices a dead line by itself.

const PING = 20_000;
const PATIENCE = 8_000;
const LONGEST_PAUSE = 10_000;

export class Feed {
  // `catchUp` reads what was missed and may end the feed by throwing; `last` says which line is known already.
  constructor(id, { last, catchUp, onEvent, onUp, onDown }) {
    Object.assign(this, { id, last, catchUp, onEvent, onUp, onDown });
    this.failures = 0;
    this.stopped = false;
    this.wake = () => this.retry(0);
    addEventListener("online", this.wake);
  }

  get up() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  start() {
    if (this.stopped) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const path = `/ws/conversations/${encodeURIComponent(this.id)}?last=${this.last()}`;
    const socket = new WebSocket(`${scheme}//${location.host}${path}`);
    this.socket = socket;
    socket.onopen = () => {
      this.failures = 0;
      this.beat = setInterval(() => this.ping(), PING);
      this.onUp();
    };
    socket.onmessage = ({ data }) => {
      clearTimeout(this.silence);
      const event = JSON.parse(data);
      if (event.type !== "pong") this.onEvent(event);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.fell();
    };
  }

  ping() {
    if (!this.up) return;
    this.socket.send('{"type":"ping"}');
    this.silence = setTimeout(() => {
      this.socket.onclose = null;
      this.socket.close();
      this.fell();
    }, PATIENCE);
  }

  fell() {
    clearInterval(this.beat);
    clearTimeout(this.silence);
    if (this.stopped) return;
    this.onDown(this.failures);
    const pause = Math.min(LONGEST_PAUSE, 400 * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures += 1;
    this.retry(pause);
  }

  retry(pause) {
    clearTimeout(this.next);
    if (this.stopped || this.up) return;
    this.next = setTimeout(async () => {
      try {
        await this.catchUp();
      } catch {
        return this.fell();
      }
      this.start();
    }, pause);
  }

  stop() {
    this.stopped = true;
    clearInterval(this.beat);
    clearTimeout(this.silence);
    clearTimeout(this.next);
    removeEventListener("online", this.wake);
    this.socket?.close();
  }
}
