// Twelve keys, pressed by hand or typed while the call has the focus or the keypad is open.

const KEYS = /^[0-9*#]$/;
const SHOWN = 14;

export class Keypad {
  // `toggle` opens and closes the keypad; `press(key)` sends one key.
  constructor({ pad, toggle, output, region, press }) {
    Object.assign(this, { pad, toggle, output, press });
    this.active = false;
    toggle.addEventListener("click", () => this.open(pad.hidden));
    pad.addEventListener("click", ({ target }) => target.dataset.key && this.take(target.dataset.key));
    document.addEventListener("keydown", (event) => {
      if (!this.active || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape" && !pad.hidden) this.open(false);
      if (KEYS.test(event.key) && (!pad.hidden || region.contains(document.activeElement))) this.take(event.key);
    });
  }

  start() {
    this.active = true;
    this.output.value = "";
  }

  stop() {
    this.active = false;
    this.open(false);
  }

  open(yes) {
    if (!yes && this.pad.contains(document.activeElement)) this.toggle.focus();
    this.pad.hidden = !yes;
    this.toggle.setAttribute("aria-expanded", String(yes));
  }

  take(key) {
    this.output.value = (this.output.value + key).slice(-SHOWN);
    this.press(key);
  }
}
