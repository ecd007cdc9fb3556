// One conversation, live: read along, take over, write, hand back, end, send a call to a phone.

import * as api from "./api.js";
import { duration, title } from "./conversations.js";
import { recall, remember } from "./drafts.js";
import { live } from "./live.js";
import { asked, spent } from "./models.js";
import { facts, make, patientOf, practiceNow, saidLine, withheldLine } from "./show.js";

const el = (id) => document.getElementById(id);
const RINGING = 20_000;
const admin = document.body.dataset.role === "admin";
let current = null; // the conversation as last read
let note = { id: null, said: "", until: 0 }; // whom we ring for the caller
let last = 0;
let stop = () => {};
let onTrouble = () => {};
let onChange = () => {};
let onBack = () => {};

// --- opening and closing -----------------------------------------------------------------------------------------------

export async function open(id) {
  close();
  try {
    current = await api.conversation(id);
  } catch (failure) {
    onTrouble(failure.status === 404 ? "This conversation is no longer kept." : failure.message);
    return;
  }
  remember("open", id);
  el("talk-none").hidden = true;
  el("talk-open").hidden = false;
  el("talk-lines").replaceChildren();
  last = 0;
  for (const line of current.lines) add(line);
  for (const { text } of current.withheld) el("talk-lines").append(withheldLine(text));
  el("talk-text").value = recall(`draft ${id}`);
  known();
  dress();
  stop = live({ path: () => `/conversations/${encodeURIComponent(id)}/live?last=${last}`, onEvent, onUp: () => {}, onDown: () => {} });
}

// Once it stands on the screen: the newest line in view, and the keyboard where it is needed.
export function show() {
  follow();
  if (current?.holder?.me) el("talk-text").focus();
  else if (current) el("talk-title").focus();
}

export function close() {
  stop();
  stop = () => {};
  current = null;
  remember("open", "");
  el("talk-open").hidden = true;
  el("talk-none").hidden = false;
}

export const opened = () => current?.id ?? null;

// --- what comes --------------------------------------------------------------------------------------------------------

function onEvent(event) {
  if (event.type === "line") add(event);
  if (event.type === "models") {
    current.models = event.models;
    dress();
  }
  if (event.type === "withheld") place(withheldLine(event.text));
  if (event.type === "state") {
    const before = current.holder?.account;
    Object.assign(current, { state: event.state, holder: event.holder });
    dress();
    if (before !== event.holder?.account || event.state === "ended") onChange();
  }
}

function add(line) {
  if (line.seq <= last) return;
  last = line.seq;
  place(saidLine(line, practiceNow()));
}

function place(node) {
  const { scrollHeight, scrollTop, clientHeight } = el("talk-body");
  const near = scrollHeight - scrollTop - clientHeight < 120;
  el("talk-lines").append(node);
  if (near) follow();
}

function follow() {
  el("talk-body").scrollTop = el("talk-body").scrollHeight;
}

// --- how it looks ------------------------------------------------------------------------------------------------------

const hungUp = () => current.channel === "phone" && current.call?.status === "ended";

// What the list knows of the open conversation is newer: how long a call lasts, whether it is still there.
export function update(rows) {
  if (current?.channel !== "phone" || !current.call) return;
  const row = rows.find(({ id }) => id === current.id);
  current.call = row?.call ?? { ...current.call, status: "ended" };
  if (current.call.status !== "live") current.can_send = false;
  dress();
}

function standing() {
  const { state, holder, channel } = current;
  if (state === "ended") return "This conversation has ended.";
  if (note.id === current.id && Date.now() < note.until) return note.said;
  if (hungUp()) return "The caller has hung up.";
  if (holder?.me) return channel === "phone" ? "You have this call. What you write is spoken to the caller." : "You have this conversation. The assistant is silent.";
  if (holder) return `${holder.name} has taken this conversation over.`;
  return state === "waiting_for_staff" ? "The patient waits for a person. The assistant still answers." : "The assistant is answering.";
}

function dress() {
  const { state, holder, channel, call } = current;
  const over = state === "ended";
  const mine = Boolean(holder?.me);
  const patient = patientOf(current.tickets.find(patientOf));
  el("talk-title").textContent = patient ?? title(current);
  el("talk-about").textContent = [patient && title(current), call && `${call.caller ?? "No number"}, ${duration(call.seconds)}`].filter(Boolean).join(" · ");
  el("talk-about").hidden = !el("talk-about").textContent;
  el("talk-models").hidden = !current.models;
  el("talk-models").firstElementChild.textContent = spent(current.models);
  el("talk-models").querySelector("ol").replaceChildren(...asked(current.models));
  const now = standing();
  if (el("talk-state").textContent !== now) el("talk-state").textContent = now;
  el("talk-state").dataset.state = over ? "ended" : mine ? "mine" : holder ? "taken" : state;
  el("talk-claim").hidden = over || Boolean(holder);
  el("talk-release").hidden = over || !(mine || (holder && admin));
  el("talk-release").className = mine ? "primary" : "quiet";
  el("talk-end").hidden = el("talk-release").hidden;
  el("talk-send").hidden = over || !current.can_send || Boolean(holder && !mine);
  el("talk-compose").hidden = !mine || over || hungUp();
  el("talk-hint").textContent = channel === "phone" ? "Enter sends. What you write will be spoken to the caller." : "Enter sends, Shift+Enter begins a new line.";
}

function known() {
  const open = current.tickets.filter(({ status }) => status === "open");
  el("talk-known").hidden = !current.tickets.length;
  el("talk-known").firstElementChild.textContent = open.length
    ? `${open.length === 1 ? "One open ticket" : `${open.length} open tickets`}: ${open[0].summary}`
    : "No open ticket; what was known";
  el("talk-known").lastElementChild.replaceChildren(...current.tickets.map((ticket) => make("div", "", make("h3", "", ticket.summary), facts(ticket, practiceNow()))));
}

// --- what staff does ---------------------------------------------------------------------------------------------------

let acting = 0;

async function act(work) {
  const id = current?.id;
  const turn = (acting += 1);
  try {
    const answer = await work(id);
    if (id === current?.id) take(answer);
    if (turn === acting) onTrouble("");
    onChange();
    return true;
  } catch (failure) {
    onTrouble(failure.message);
    if (failure.status === 409 && id === current?.id) take(await api.conversation(id));
    return false;
  }
}

function take(answer) {
  if (!answer.lines) return;
  for (const line of answer.lines) add(line);
  current = answer;
  known();
  dress();
}

async function say() {
  const text = el("talk-text").value.trim();
  const id = current?.id;
  if (!text) return;
  el("talk-say").disabled = true;
  write("");
  const sent = await act(() => api.say(id, text));
  el("talk-say").disabled = false;
  if (!sent) {
    if (current?.id === id) write([text, el("talk-text").value].filter(Boolean).join("\n"));
    else remember(`draft ${id}`, text);
  }
  el("talk-text").focus();
}

function write(text) {
  el("talk-text").value = text;
  remember(`draft ${current.id}`, text);
}

export function wire(handlers) {
  ({ onTrouble, onChange, onBack } = handlers);
  el("talk-back").addEventListener("click", () => onBack());
  el("talk-claim").addEventListener("click", async () => (await act(api.claim)) && show());
  el("talk-release").addEventListener("click", async () => (await act(api.release)) && el("talk-title").focus());
  el("talk-end").addEventListener("click", () => {
    el("end-sure").returnValue = "";
    el("end-sure").showModal();
  });
  el("end-sure").addEventListener("close", async () => {
    if (el("end-sure").returnValue === "yes" && (await act(api.end))) el("talk-title").focus();
  });
  el("talk-send").addEventListener("submit", async (event) => {
    event.preventDefault();
    await act(async (id) => {
      const { said } = await api.send(id, el("talk-to").value);
      note = { id, said, until: Date.now() + RINGING };
      return api.conversation(id);
    });
  });
  el("talk-text").addEventListener("input", () => remember(`draft ${current.id}`, el("talk-text").value));
  el("talk-text").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    el("talk-compose").requestSubmit();
  });
  el("talk-compose").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!el("talk-say").disabled) say();
  });
}
