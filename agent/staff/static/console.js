// The queue: what is open, what was said, what is done. Always shows what the server says; news come by the live line.

import * as api from "./api.js";
import { list } from "./conversations.js";
import { recall, remember } from "./drafts.js";
import { live } from "./live.js";
import { watch } from "./models.js";
import { KINDS, button, facts, make, practiceNow, row, said } from "./show.js";
import * as switches from "./switches.js";
import * as talk from "./talk.js";

const UNDO = 6_000;
const el = (id) => document.getElementById(id);
const seen = new Set();
const leaving = new Map(); // ticket id -> timer: resolved here, told to the server when the time to undo is over
let all = [];
let open = [];
let first = true;
let group = "all";
let chosen = null;
let reading = 0;

async function load() {
  const turn = (reading += 1);
  try {
    const status = el("status").value;
    const openNow = await api.tickets("open");
    const listed = status === "open" ? openNow : await api.tickets(status);
    if (turn !== reading) return;
    open = openNow;
    all = listed;
    announce();
    paint();
    trouble("");
  } catch (failure) {
    trouble(`The queue could not be read: ${failure.message}`);
  }
}

function announce() {
  const fresh = open.filter(({ id }) => !seen.has(id));
  if (!first && fresh.length) {
    const [most] = fresh;
    el("news").textContent = `New: ${KINDS[most.kind]}. ${most.summary}${fresh.length > 1 ? ` And ${fresh.length - 1} more.` : ""}`;
  }
  for (const { id } of open) if (first) seen.add(id);
  first = false;
}

function shown() {
  const words = el("search").value.trim().toLowerCase();
  const fits = (ticket) =>
    !words || [ticket.summary, ticket.patient, KINDS[ticket.kind], ...Object.values(ticket.details)].join(" ").toLowerCase().includes(words);
  return all.filter((ticket) => within(ticket, group) && fits(ticket));
}

const me = document.body.dataset.me;
const within = (ticket, name) => name === "all" || (name === "mine" ? ticket.owner === me : ticket.group === name);

function paint() {
  const now = practiceNow();
  const status = el("status").value;
  const rows = shown().map((ticket) =>
    row(ticket, now, {
      current: ticket.id === chosen, gone: status === "open" && leaving.has(ticket.id), fresh: !seen.has(ticket.id),
      run: () => choose(ticket.id),
    }),
  );
  const focused = document.activeElement?.dataset?.id;
  el("list").replaceChildren(...rows);
  if (focused) el("list").querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  for (const { id } of open) seen.add(id);
  el("empty").hidden = rows.length > 0;
  el("empty").textContent = el("search").value ? "Nothing fits the search." : status === "open" ? "All done. Nothing is waiting." : "Nothing has been resolved yet.";
  for (const tab of document.querySelectorAll("[data-group]")) {
    const name = tab.dataset.group;
    const count = open.filter((ticket) => within(ticket, name) && !leaving.has(ticket.id)).length;
    tab.querySelector("b").textContent = count || "";
    tab.setAttribute("aria-pressed", String(name === group));
  }
  document.querySelector("[data-view=queue] b").textContent = open.filter(({ id }) => !leaving.has(id)).length || "";
  const pressing = open.filter(({ urgency, id }) => urgency === "now" && !leaving.has(id)).length;
  const practice = document.querySelector("h1").textContent;
  document.title = `${pressing ? `(${pressing}!) ` : ""}Queue · ${practice}`;
  const current = all.find(({ id }) => id === chosen) ?? open.find(({ id }) => id === chosen);
  if (chosen && current && el("detail").dataset.shown !== stamp(current)) detail(current);
  if (chosen && !current) el("detail").querySelector(".acts .primary")?.replaceWith(make("strong", "", "Resolved by somebody else."));
}

const stamp = (ticket) => `${ticket.id} ${ticket.status} ${ticket.owner} ${ticket.overdue} ${leaving.has(ticket.id)}`;

function choose(id) {
  chosen = id;
  el("detail").dataset.shown = "";
  el("desk").classList.add("reading");
  paint();
  el("detail").scrollTop = 0;
  el("detail").focus({ preventScroll: true });
}

async function detail(ticket) {
  const now = practiceNow();
  const mark = stamp(ticket);
  el("detail").dataset.shown = mark;
  const acts = make("div", "acts", button("Back to the queue", "quiet back", back));
  if (ticket.status === "open" && !leaving.has(ticket.id)) acts.append(button("Resolve", "primary", () => leave(ticket)));
  if (ticket.status === "open") {
    const mine = ticket.owner === me;
    acts.append(button(mine ? "Give it up" : "I look after it", "quiet", () => own(ticket.id, mine ? null : me)));
  }
  if (ticket.conversation) acts.append(button("Open the conversation", "quiet", () => openTalk(ticket.conversation)));
  if (leaving.has(ticket.id)) acts.append(button("Undo", "quiet", () => undo(ticket.id)));
  const heading = make("div", `top ${ticket.urgency}`, make("span", "badge", KINDS[ticket.kind] ?? ticket.kind));
  if (ticket.overdue) heading.append(make("span", "late", "Overdue"));
  const words = make("div", "");
  el("detail").replaceChildren(heading, make("h2", "", ticket.summary), acts, facts(ticket, now), words);
  if (!ticket.conversation) return;
  try {
    const transcript = await api.transcript(ticket.id);
    if (el("detail").dataset.shown === mark) words.replaceChildren(make("h3", "", "What was said"), said(transcript, now));
  } catch (failure) {
    words.replaceChildren(make("p", "soft", failure.status === 404 ? "The conversation is no longer kept." : failure.message));
  }
}

async function own(id, owner) {
  try {
    await api.own(id, owner);
    await load();
  } catch (failure) {
    trouble(failure.message);
  }
}

function back() {
  const was = chosen;
  chosen = null;
  el("desk").classList.remove("reading");
  el("detail").dataset.shown = "";
  el("detail").replaceChildren(make("p", "nothing", "Choose a ticket to see what was said and what is needed."));
  paint();
  el("list").querySelector(`[data-id="${CSS.escape(was ?? "")}"]`)?.focus();
}

// --- resolving, with a moment to undo --------------------------------------------------------------------------------

function leave(ticket) {
  const note = make("div", "", make("span", "", `${KINDS[ticket.kind]} resolved.`), button("Undo", "", () => undo(ticket.id)));
  note.dataset.undo = ticket.id;
  el("toast").append(note);
  leaving.set(ticket.id, setTimeout(() => settle(ticket.id), UNDO));
  back();
}

function undo(id) {
  clearTimeout(leaving.get(id));
  forget(id);
  choose(id);
}

function forget(id) {
  leaving.delete(id);
  el("toast").querySelector(`[data-undo="${CSS.escape(id)}"]`)?.remove();
}

async function settle(id, keepalive = false) {
  let kept = "";
  try {
    await api.resolve(id, keepalive);
  } catch (failure) {
    if (failure.status !== 409) kept = `Not resolved: ${failure.message}`; // 409: somebody else was quicker
  }
  forget(id);
  await load();
  if (kept) trouble(kept);
}

addEventListener("pagehide", () => {
  for (const [id, timer] of leaving) {
    clearTimeout(timer);
    settle(id, true);
  }
});

// --- live conversations ------------------------------------------------------------------------------------------------

const conversations = list({ onChoose: openTalk, onRead: talk.update, onTrouble: trouble });

function view(name) {
  for (const tab of document.querySelectorAll("[data-view]")) tab.setAttribute("aria-pressed", String(tab.dataset.view === name));
  el("queue").hidden = name !== "queue";
  el("live").hidden = name !== "live";
  el("detail").hidden = name !== "queue";
  el("talk").hidden = name !== "live";
  el("desk").classList.toggle("reading", name === "live" ? talk.opened() !== null : chosen !== null);
  remember("view", name);
}

async function openTalk(id) {
  await talk.open(id);
  view("live");
  talk.show();
  conversations.choose(talk.opened());
}

function closeTalk() {
  const was = talk.opened();
  talk.close();
  view("live");
  conversations.choose(null);
  conversations.focus(was);
}

for (const tab of document.querySelectorAll("[data-view]")) tab.addEventListener("click", () => view(tab.dataset.view));
talk.wire({ onTrouble: trouble, onChange: () => conversations.refresh(), onBack: closeTalk });
if (recall("open")) openTalk(recall("open"));
else view(recall("view") || "queue");

// --- everything else -------------------------------------------------------------------------------------------------

function trouble(text) {
  el("trouble").textContent = text;
  el("trouble").hidden = !text;
}

function line(up) {
  el("line").classList.toggle("down", !up);
  el("line-text").textContent = up ? "Live" : "Connection lost. Trying again …";
}

for (const tab of document.querySelectorAll("[data-group]")) {
  tab.addEventListener("click", () => {
    group = tab.dataset.group;
    paint();
  });
}
el("search").addEventListener("input", paint);
el("status").addEventListener("change", load);
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (!el("live").hidden && talk.opened()) closeTalk();
  else if (!el("queue").hidden && chosen) back();
});

switches.wire(trouble);
watch(el("models"));
live({
  path: () => "/live",
  onEvent: ({ kinds }) => {
    if (!kinds.length || kinds.some((kind) => kind.startsWith("ticket"))) load();
    if (!kinds.length || kinds.some((kind) => kind.startsWith("conversation") || kind.startsWith("ticket"))) conversations.refresh();
    if (!kinds.length || kinds.includes("switch")) switches.refresh().catch((failure) => trouble(failure.message));
  },
  onUp: () => line(true),
  onDown: () => line(false),
});
setInterval(() => !document.hidden && load(), 60_000);
