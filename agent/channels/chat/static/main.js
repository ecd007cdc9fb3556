// The chat page: opens or resumes a conversation and keeps screen, line and memory in step.

import { Refused, open, read } from "./api.js";
import { Feed } from "./feed.js";
import { Log } from "./log.js";
import { Memory } from "./memory.js";
import { Outbox } from "./outbox.js";

const MOST = 2000;
const el = (id) => document.getElementById(id);
const texts = JSON.parse(document.body.dataset.texts);
const lang = document.body.dataset.lang;
const input = el("message");
const memory = new Memory();
const log = new Log({ scroller: el("log"), list: el("lines"), typing: el("typing"), texts, lang });
let conversation = null;
let feed = null;
let state = "open";
let person = null; // who of the staff has taken over
let latest = null; // the last line on the screen
let answering = false;

const outbox = new Outbox({
  log, memory, texts,
  onBusy: (flying) => showTyping(flying > 0 || answering),
  onSent: sent,
  onBack: (text, status) => {
    write(text);
    notice(status === 413 ? tooLong(text) : texts.not_readable);
    input.focus();
  },
  onClosed: (status) => over(status === 404 ? texts.gone : texts.ended_kept),
});

// --- beginning, resuming, ending -------------------------------------------------------------------------------------

async function begin() {
  const known = memory.get("conversation");
  write(memory.get("draft") ?? "");
  if (!known) return fresh();
  el("log").setAttribute("aria-busy", "true");
  try {
    const transcript = await read(known);
    if (transcript.lang !== lang && !transcript.messages.some(({ who }) => who === "caller")) return await fresh();
    enter(known, transcript.messages);
    if (transcript.state === "ended") reclaim();
    else outbox.resume();
    became(transcript);
    if (memory.get("switching")) {
      memory.set({ switching: false });
      if (transcript.lang !== lang && transcript.state !== "ended") outbox.send(texts.switch);
    }
  } catch (failure) {
    if (failure instanceof Refused && failure.status === 404) return fresh();
    notice(texts.cannot_open);
    setTimeout(begin, 3000);
  } finally {
    el("log").removeAttribute("aria-busy");
  }
  return undefined;
}

// Words that an earlier conversation never took go back to the writer.
function reclaim() {
  const words = (memory.get("outbox") ?? []).map(({ text }) => text);
  memory.set({ outbox: [] });
  write([...words, input.value].filter(Boolean).join("\n"));
}

async function fresh() {
  reclaim();
  notice(texts.opening);
  try {
    const opened = await open(lang);
    memory.set({ conversation: opened.id, switching: false });
    const { messages } = await read(opened.id);
    enter(opened.id, messages);
    notice("");
    became(opened);
  } catch {
    notice(texts.cannot_open);
    setTimeout(begin, 3000);
  }
}

function enter(id, lines) {
  conversation = id;
  outbox.to(id);
  for (const line of lines) log.add(line, { fresh: false });
  latest = lines.at(-1) ?? null;
  suggest();
  log.follow();
  feed?.stop();
  feed = new Feed(id, { last: () => log.last, catchUp, onEvent, onUp, onDown });
  feed.start();
  if (matchMedia("(pointer: fine)").matches) input.focus();
}

function over(why) {
  if (state === "ended") return;
  state = "ended";
  feed?.stop();
  write([outbox.empty(), input.value].filter(Boolean).join("\n"));
  latest = null;
  suggest();
  notice("");
  log.typing(false);
  el("over-why").textContent = why ?? (input.value ? texts.ended_kept : texts.ended);
  show("over", true);
  show("composer", false);
  el("again").focus();
}

async function startAgain() {
  state = "open";
  person = null;
  latest = null;
  dress();
  conversation = null; // what still comes of the old one is not for this screen
  memory.set({ conversation: null, outbox: [] });
  log.clear();
  show("composer", true);
  show("over", false);
  await fresh();
}

el("again").addEventListener("click", startAgain);

// --- the line --------------------------------------------------------------------------------------------------------

async function catchUp() {
  const id = conversation;
  try {
    const transcript = await read(id);
    if (id !== conversation) return;
    for (const line of transcript.messages) hear(line);
    became(transcript);
  } catch (failure) {
    if (id === conversation && failure instanceof Refused && failure.status === 404) over(texts.gone);
    throw failure;
  }
}

function onEvent(event) {
  if (event.type === "message") hear(event);
  if (event.type === "typing") {
    answering = event.on;
    showTyping(answering || outbox.flying > 0);
  }
  if (event.type === "state") became(event);
}

function onUp() {
  const lost = el("notice").dataset.why === "line";
  if (lost) {
    notice(texts.back, "passing");
    setTimeout(() => el("notice").dataset.why === "passing" && standing(), 2500);
  }
  outbox.again();
}

function onDown(failures) {
  answering = false;
  if (failures > 0 || !navigator.onLine) notice(navigator.onLine ? texts.reconnecting : texts.offline, "line");
}

addEventListener("offline", () => notice(texts.offline, "line"));
addEventListener("online", () => {
  if (!feed?.up) return; // the feed reconnects by itself
  feed.ping();
  onUp();
});

function hear(line) {
  if (!log.add(line)) return;
  latest = line;
  suggest();
  if (state === "with_staff") log.delivered();
}

// The answer came over HTTP; its lines come over the socket, or are fetched when the socket is slow or down.
async function sent(id) {
  for (let tenth = 0; feed.up && tenth < 5 && log.waiting.has(id); tenth += 1) {
    await new Promise((done) => setTimeout(done, 100));
  }
  if (!conversation || (feed.up && !log.waiting.has(id))) return;
  const complete = await catchUp().then(() => true, () => false);
  if (complete) log.drop(id); // its line stands in the transcript already
  else log.settle(id);
}

// --- what is said beside the conversation ----------------------------------------------------------------------------

function became(next) {
  if (state === "ended") return;
  if (next.state === "ended") {
    over();
    return;
  }
  state = next.state;
  person = (state === "with_staff" && next.staff) || null;
  dress();
  suggest();
  if (state === "with_staff") {
    log.typing(false);
    log.delivered();
  }
  if (!["line", "passing"].includes(el("notice").dataset.why)) standing();
}

const named = (text) => text.replace("{name}", person?.name || texts.staff).replace("{desk}", texts[`desk_${person?.desk ?? "front_desk"}`]);

// Who the patient is talking to, all over the page.
function dress() {
  const joined = state === "with_staff";
  el("speaker").textContent = joined ? named(texts.speaking_with) : el("speaker").dataset.assistant;
  input.placeholder = joined ? named(texts.write_to) : input.dataset.placeholder;
  document.body.classList.toggle("with-person", joined);
  show("person", !joined);
}

function standing() {
  if (state === "waiting_for_staff") notice(texts.waiting, "standing");
  else if (state === "with_staff") notice(named(texts.with_staff), "standing");
  else notice("");
}

function notice(text, why = "") {
  const box = el("notice");
  box.dataset.why = why;
  if (box.textContent !== text) box.textContent = text; // never hidden: a region that comes with its words is not read out
}

function showTyping(on) {
  log.typing(on && state !== "with_staff" && state !== "ended");
}

// Offer what the last line suggests; a person is answered in the patient's own words.
function suggest() {
  const choices = latest && latest.who !== "caller" && state !== "with_staff" ? latest.quick_replies : [];
  if (choices.join("\n") === [...el("suggestions").children].map(({ textContent }) => textContent).join("\n")) return;
  const buttons = choices.map((text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => {
      deliver(text);
      input.focus({ preventScroll: true });
    });
    return button;
  });
  const near = log.near();
  if (el("suggestions").contains(document.activeElement)) input.focus({ preventScroll: true });
  el("suggestions").replaceChildren(...buttons);
  show("suggestions", buttons.length > 0);
  if (near) log.follow();
}

// --- writing ---------------------------------------------------------------------------------------------------------

function deliver(text) {
  latest = null;
  suggest();
  if (el("notice").dataset.why === "") notice("");
  outbox.send(text);
}

const length = (text) => [...text].length;
const tooLong = (text) => texts.too_long.replace("{over}", length(text) - MOST).replace("{most}", MOST.toLocaleString(lang));

function write(text) {
  input.value = text;
  weigh();
}

function weigh() {
  const left = MOST - length(input.value);
  el("count").textContent = left < 0 ? tooLong(input.value) : left <= 200 ? texts.left.replace("{left}", left) : "";
  el("count").classList.toggle("over-limit", left < 0);
  input.setAttribute("aria-invalid", String(left < 0));
  el("send").disabled = left < 0 || !input.value.trim();
  memory.set({ draft: input.value });
  if (!CSS.supports("field-sizing", "content")) {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 3}px`;
  }
}

input.addEventListener("input", weigh);
input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  el("composer").requestSubmit();
});
el("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (el("send").disabled || !conversation || state === "ended") return;
  const text = input.value.trim();
  write("");
  deliver(text);
  input.focus();
});
el("person").addEventListener("click", async () => {
  if (state === "ended") await startAgain();
  if (conversation) deliver(texts.person);
});
for (const link of document.querySelectorAll("[data-switch]")) {
  link.addEventListener("click", () => memory.set({ switching: link.dataset.switch !== lang }));
}

// What is hidden takes the keyboard of nobody: it goes on where one writes.
function show(id, visible) {
  const held = !visible && el(id).contains(document.activeElement);
  el(id).hidden = !visible;
  if (held) input.focus({ preventScroll: true });
}

begin();
