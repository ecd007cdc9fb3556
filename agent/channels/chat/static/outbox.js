// Sends what the patient wrote, each once, until it is taken or clearly refused. Nothing typed is lost.

import { Refused, say } from "./api.js";

const MOST_TRIES = 6;

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Outbox {
  // onSent(id), onBack(text, status): the words return to the writer; onClosed(status): the conversation is over.
  constructor({ log, memory, texts, onBusy, onSent, onBack, onClosed }) {
    Object.assign(this, { log, memory, texts, onBusy, onSent, onBack, onClosed });
    this.items = [];
    this.flying = 0;
  }

  to(conversation) {
    this.conversation = conversation;
  }

  // Take up again what an earlier page did not get through.
  resume() {
    for (const item of this.memory.get("outbox") ?? []) this.enter({ ...item, tries: 0 });
  }

  send(text) {
    this.enter({ id: newId(), text, tries: 0 });
  }

  enter(item) {
    this.items.push(item);
    this.keep();
    this.log.pend(item.text, item.id);
    this.fly(item);
  }

  // The line is back: whatever waited for it goes out.
  again() {
    for (const item of this.items) if (item.stuck) this.fly(item);
  }

  // Hand back all words that were never taken; those whose line is in the transcript were.
  empty() {
    const words = this.items.filter(({ id }) => this.log.waiting.has(id)).map(({ text }) => text).join("\n");
    for (const { id } of this.items) this.log.drop(id);
    this.items = [];
    this.keep();
    return words;
  }

  async fly(item) {
    const { conversation } = this;
    item.stuck = false;
    item.tries += 1;
    this.log.tell(item.id, item.tries > 1 ? this.texts.sending : "");
    this.onBusy((this.flying += 1));
    try {
      await say(conversation, item.text, item.id);
      if (conversation !== this.conversation) return;
      this.forget(item);
      await this.onSent(item.id);
    } catch (failure) {
      if (conversation === this.conversation && this.items.includes(item)) this.failed(item, failure);
    } finally {
      this.onBusy((this.flying -= 1));
    }
  }

  failed(item, failure) {
    const { texts } = this;
    const status = failure instanceof Refused ? failure.status : 0;
    if (status === 404 || status === 410) return this.onClosed(status);
    if (status === 413 || status === 422) {
      this.forget(item);
      this.log.drop(item.id);
      return this.onBack(item.text, status);
    }
    if ((status === 409 || status === 429) && item.tries < MOST_TRIES) {
      const seconds = failure.retryAfter;
      this.log.tell(item.id, status === 409 ? texts.queue_full : texts.too_fast.replace("{seconds}", seconds));
      setTimeout(() => this.items.includes(item) && this.fly(item), seconds * 1000);
      return undefined;
    }
    item.stuck = true;
    const why = status ? texts.failed : texts.unsent;
    this.log.tell(item.id, why, texts.retry, () => item.stuck && this.fly(item));
    return undefined;
  }

  forget(item) {
    this.items = this.items.filter((other) => other !== item);
    this.keep();
  }

  keep() {
    this.memory.set({ outbox: this.items.map(({ id, text }) => ({ id, text })) });
  }
}
