// The conversation on the screen. Words only ever become text nodes; the only links made are phone numbers.

const PHONES = /(?<![\d$+-])(?:911|988|\+[1-9]\d{6,14}|(?:\+1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?![\d%-])/g;

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function callable(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(PHONES)) {
    const link = make("a", "", found[0]);
    const digits = found[0].replace(/\D/g, "");
    link.href = `tel:${digits.length > 10 ? `+${digits}` : digits.length === 10 ? `+1${digits}` : digits}`;
    parts.push(text.slice(from, found.index), link);
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)];
}

// The server composes letters and leaves out what cannot be seen; both sides are compared without either.
const bare = (text) => text.normalize("NFC").replace(/\s+/g, "").replace(/[\p{Cc}\p{Cf}]/gu, "");
const same = (one, other) => bare(one) === bare(other);

export class Log {
  constructor({ scroller, list, typing, texts, lang }) {
    Object.assign(this, { scroller, list, typingSign: typing, texts, lang });
    typing.lastElementChild.textContent = texts.typing;
    this.last = 0;
    this.callers = 0;
    this.waiting = new Map(); // client_id -> {node, text, tell}
  }

  clear() {
    this.list.replaceChildren();
    this.waiting.clear();
    this.last = 0;
    this.callers = 0;
    this.typing(false);
  }

  // Add a line of the transcript, once; what the patient sent from here takes the place of its waiting bubble.
  add(line, { fresh = true } = {}) {
    if (line.seq <= this.last) return false;
    this.last = line.seq;
    if (line.who === "caller") {
      this.callers += 1;
      const mine = [...this.waiting].find(([, { text }]) => same(text, line.text));
      if (mine) {
        this.settle(mine[0], line.at);
        return true;
      }
    }
    const node = this.line(line.who, line.name, line.text, line.at);
    if (fresh) node.classList.add("fresh");
    if (line.sources?.length) node.append(this.sources(line.sources));
    this.place(node, this.firstWaiting());
    return true;
  }

  // Show what is being sent; `tell(text, action, run)` says underneath how it fares.
  pend(text, id) {
    const node = this.line("caller", null, text, new Date().toISOString());
    const fate = make("div", "fate");
    node.classList.add("pending");
    node.append(fate);
    this.waiting.set(id, { node, text, fate });
    this.place(node);
  }

  tell(id, text, action, run) {
    const fate = this.waiting.get(id)?.fate;
    if (!fate) return;
    fate.replaceChildren(text);
    if (action) {
      const button = make("button", "", action);
      button.type = "button";
      button.addEventListener("click", run, { once: true });
      fate.append(" ", button);
    }
    this.follow();
  }

  settle(id, at) {
    const mine = this.waiting.get(id);
    if (!mine) return;
    mine.fate.remove();
    if (at) mine.node.querySelector("time").replaceWith(this.time(at));
    mine.node.classList.remove("pending");
    this.waiting.delete(id);
  }

  drop(id) {
    this.waiting.get(id)?.node.remove();
    this.waiting.delete(id);
  }

  // A person reads along: the patient's last line says that it has arrived.
  delivered() {
    this.list.querySelector(".delivered")?.remove();
    const mine = [...this.list.querySelectorAll(".line.caller:not(.pending)")].at(-1);
    mine?.append(make("div", "fate delivered", this.texts.delivered));
    if (mine && mine === this.list.lastElementChild) this.follow();
  }

  typing(on) {
    this.typingSign.hidden = !on;
    if (on) this.follow();
  }

  line(who, name, text, at) {
    const { texts } = this;
    const label = who === "caller" ? texts.you : who === "staff" ? name || texts.staff : texts.agent;
    const speaker = make("span", who === "caller" ? "unseen" : "", label);
    const bubble = make("div", "bubble", ...(who === "caller" ? [text] : callable(text)));
    const node = make("li", `line ${who}`, make("div", "who", speaker, this.time(at)), bubble);
    node.dataset.who = `${who} ${name ?? ""}`;
    return node;
  }

  time(at) {
    const node = make("time", "", new Date(at).toLocaleTimeString(this.lang, { hour: "numeric", minute: "2-digit" }));
    node.dateTime = at;
    return node;
  }

  sources(sources) {
    return make("div", "sources", this.texts.sources, ...sources.map(({ title }) => make("span", "", title)));
  }

  firstWaiting() {
    return this.waiting.values().next().value?.node ?? null;
  }

  place(node, before = null) {
    const near = this.near();
    this.list.insertBefore(node, before);
    const previous = node.previousElementSibling;
    const first = previous?.dataset.who !== node.dataset.who;
    node.classList.toggle("first", first);
    node.firstElementChild.classList.toggle("unseen", !first);
    if (near || node.classList.contains("pending")) this.follow();
  }

  near() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 120;
  }

  follow() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
