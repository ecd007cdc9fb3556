// One call from the click to its end: microphone, a line, and what passes between them.

import { ask } from "./api.js";
import { Line } from "./line.js";
import { Sound } from "./sound.js";
import { Trouble } from "./trouble.js";

const PATIENCE = 15_000; // until the other side answers
const LAST_WORDS = 300; // what the loudspeaker still holds when the other side hangs up
const NORMAL = [1000, 1005];
const BUSY = 1013;
const PAUSE = 30; // seconds until a busy line is worth another try

export class Call {
  // onStep(step): asking, connecting, live; onCaption, onState, onLevel, onPlaying, onSlow; onOver(trouble or null, byUs), once.
  constructor(handlers) {
    Object.assign(this, handlers);
    this.over = false;
  }

  // `lang` is the page's language, `install` the command that a missing voice needs.
  async begin(lang, install) {
    try {
      this.sound = new Sound({
        onFrame: (frame, level) => this.said(frame, level),
        onMark: (name) => this.line?.mark(name),
        onPlaying: (playing) => this.over || this.onPlaying(playing),
        onLost: () => this.end(new Trouble("microphone_lost")),
      });
      this.onStep("asking");
      await this.sound.open();
      if (this.over) return;
      this.onStep("connecting");
      const seat = await ask(lang, install);
      if (this.over) return;
      this.line = new Line(seat, {
        onSound: (bytes) => this.heard() && this.sound.play(bytes),
        onEvent: (event) => this.heard() && this.take(event),
        onSlow: () => this.over || this.onSlow(),
        onClose: (code) => this.closed(code),
      });
      this.late = setTimeout(() => this.end(new Trouble("failed")), PATIENCE);
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) console.error(trouble);
      this.end(trouble instanceof Trouble ? trouble : new Trouble("failed"));
    }
  }

  said(frame, level) {
    if (this.over) return;
    this.line?.say(frame);
    this.onLevel(level);
  }

  // The other side is there. Says whether the call still goes on.
  heard() {
    if (!this.over && !this.live) {
      clearTimeout(this.late);
      this.live = true;
      this.onStep("live");
    }
    return !this.over;
  }

  take(event) {
    if (event.event === "mark") this.sound.mark(event.mark.name);
    if (event.event === "clear") this.sound.clear();
    if (event.event === "caption") this.onCaption(event);
    if (event.event === "state") this.onState(event.state);
  }

  closed(code) {
    if (code === BUSY) this.end(new Trouble("busy", { seconds: PAUSE }));
    else if (!this.live) this.end(new Trouble("failed"));
    else if (NORMAL.includes(code)) setTimeout(() => this.end(null), LAST_WORDS);
    else this.end(new Trouble("dropped"));
  }

  mute(muted) {
    this.sound?.mute(muted);
  }

  key(digit) {
    this.line?.key(digit);
  }

  hangUp() {
    this.end(null, true);
  }

  end(trouble, byUs = false) {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.late);
    this.line?.hangUp();
    this.sound?.close();
    this.onOver(trouble, byUs);
  }
}
