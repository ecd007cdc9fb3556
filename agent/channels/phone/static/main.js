// The call page: one button begins a call; what happens in it is shown, and said to screen readers.

import { Log } from "/static/chat/log.js";
import { Call } from "./call.js";
import { Keypad } from "./keypad.js";

const QUIET = 0.004; // a microphone below this gives only its own noise
const UNHEARD = 400; // frames of 20 ms, while nobody else speaks
const THINKING = 8_000;
const el = (id) => document.getElementById(id);
const { lang, install } = document.body.dataset;
const texts = JSON.parse(document.body.dataset.texts);
const log = new Log({ scroller: el("log"), list: el("lines"), typing: el("typing"), texts, lang });
const keypad = new Keypad({ pad: el("keypad"), toggle: el("keys"), output: el("pressed"), region: el("call"), press });
let call = null;
let live = 0; // when the call became live
let quiet = 0; // frames without a sound, until the first one with
let lines = 0;
let playing = false;
let standing = "open";
let ticking = 0;
let thinking = 0;
let waking = null;

const fill = (text, blanks) => text.replace(/\{(\w+)\}/g, (_, name) => blanks[name]);

function show(id, yes) {
  el(id).hidden = !yes;
}

// Empty, these stay where screen readers watch them: what was hidden until it has words may go unannounced.
function say(id, text) {
  if (el(id).textContent !== text) el(id).textContent = text;
}

// --- beginning and ending --------------------------------------------------------------------------------------------

function begin() {
  log.clear();
  lines = 0;
  live = 0;
  standing = "open";
  playing = false;
  for (const id of ["trouble", "notice", "news"]) say(id, "");
  mute(false);
  say("timer", clock(0));
  show("log", false);
  show("ready", false);
  show("controls", true);
  el("call").focus();
  call = new Call({ onStep, onCaption, onState, onLevel, onPlaying, onSlow, onOver });
  call.begin(lang, install);
}

function onStep(step) {
  el("call").dataset.state = step;
  say("state", texts[step]);
  if (step !== "live") return;
  live = performance.now();
  quiet = 0;
  ticking = setInterval(tick, 250);
  show("log", captioned());
  keypad.start();
  act();
  navigator.wakeLock?.request("screen").then((lock) => (waking = lock), () => {});
}

function onOver(trouble, byUs) {
  const length = live && spoken(Math.max(1000, performance.now() - live));
  clearInterval(ticking);
  clearTimeout(thinking);
  keypad.stop();
  waking?.release();
  waking = call = null;
  log.typing(false);
  say("notice", "");
  say("trouble", trouble ? fill(texts[trouble.why], trouble.blanks) : "");
  say("state", trouble || !length ? "" : fill(byUs ? texts.hung_up : texts.ended, { length }));
  el("call").dataset.state = trouble ? "trouble" : length ? "ended" : "idle";
  show("log", lines && captioned());
  show("controls", false);
  show("ready", true);
  show("write", trouble || length);
  show("start", trouble?.why !== "missing");
  show("before", !trouble && !length);
  const label = el("start").querySelector("span");
  if (trouble || length) label.textContent = label.dataset.again;
  el(trouble?.why === "missing" ? "write" : "start").focus();
}

// --- during the call -------------------------------------------------------------------------------------------------

function onCaption({ who, name, text }) {
  log.add({ seq: (lines += 1), who, name, text, at: new Date().toISOString() });
  think(who === "caller" && standing === "open");
}

function think(yes) {
  clearTimeout(thinking);
  log.typing(yes);
  if (yes) thinking = setTimeout(() => think(false), THINKING);
}

function onState(state) {
  if (!["open", "waiting_for_staff", "with_staff"].includes(state) || state === standing) return;
  standing = state;
  if (state === "open") say("state", texts.live);
  else say("state", state === "with_staff" ? texts.with_staff : texts.waiting);
  act();
}

function onPlaying(yes) {
  playing = yes;
  if (yes) think(false);
  act();
}

function onLevel(level) {
  el("meter").style.setProperty("--level", Math.min(1, Math.sqrt(level) * 2).toFixed(2));
  if (!live) return;
  if (level > QUIET) quiet = -Infinity; // somebody is there; from now on a silence is the caller's own
  else if (!playing && !muted()) quiet += 1;
  if (quiet > UNHEARD) say("notice", texts.unheard);
  else if (el("notice").textContent === texts.unheard) say("notice", "");
}

function onSlow() {
  if (el("notice").textContent) return;
  say("notice", texts.slow);
  setTimeout(() => el("notice").textContent === texts.slow && say("notice", ""), 4000);
}

// Show who is at it; changes too often to be announced.
function act() {
  if (!live) return;
  const staff = { with_staff: texts.with_staff, waiting_for_staff: texts.waiting }[standing];
  el("call").dataset.playing = playing;
  say("activity", muted() ? texts.muted : playing && standing !== "with_staff" ? texts.speaking : (staff ?? texts.listening));
}

function tick() {
  say("timer", clock(performance.now() - live));
}

function clock(length) {
  const seconds = Math.floor(length / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function spoken(length) {
  const seconds = Math.round(length / 1000);
  const parts = [[Math.floor(seconds / 60), "minute"], [seconds % 60, "second"]].filter(([number]) => number);
  const words = parts.map(([number, unit]) => new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(number));
  return new Intl.ListFormat(lang, { type: "unit" }).format(words);
}

// --- what the caller presses -----------------------------------------------------------------------------------------

const muted = () => el("mute").getAttribute("aria-pressed") === "true";
const captioned = () => el("show-captions").getAttribute("aria-pressed") === "true";

function mute(yes) {
  el("mute").setAttribute("aria-pressed", String(yes));
  call?.mute(yes);
  act();
}

function press(key) {
  call?.key(key);
  say("news", fill(texts.key, { key }));
}

el("start").addEventListener("click", () => call ?? begin());
el("end").addEventListener("click", () => call?.hangUp());
el("mute").addEventListener("click", () => mute(!muted()));
el("show-captions").addEventListener("click", () => {
  el("show-captions").setAttribute("aria-pressed", String(!captioned()));
  show("log", captioned());
  log.follow();
});
new ResizeObserver(() => log.follow()).observe(el("log"));
addEventListener("pagehide", () => call?.hangUp());
