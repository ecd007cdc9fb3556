// What this tab remembers across a reload: which conversation it is in, and words that are not sent yet.

const KEY = "careline.chat";

export class Memory {
  constructor(store = sessionStorage) {
    this.store = store;
    try {
      this.kept = JSON.parse(store.getItem(KEY)) ?? {};
    } catch {
      this.kept = {};
    }
  }

  get(name) {
    return this.kept[name];
  }

  set(changes) {
    Object.assign(this.kept, changes);
    try {
      this.store.setItem(KEY, JSON.stringify(this.kept));
    } catch {
      // A full or forbidden store costs the memory of a reload, nothing else.
    }
  }
}
