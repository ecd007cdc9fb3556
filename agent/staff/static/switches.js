// Who answers patients: the switches, asked twice where it matters.

import { switches, turn } from "./api.js";
import { moment, practiceNow } from "./show.js";

const el = (id) => document.getElementById(id);
const admin = document.body.dataset.role === "admin";
let people = { on: false };

const who = ({ by, at }, now) => (by ? `Turned by ${by}, ${moment(at, now)}` : "");

function show(all) {
  const now = practiceNow();
  const staffed = all.find(({ name }) => name === "staffed");
  people = all.find(({ name }) => name === "everything_to_people");
  el("answering").classList.toggle("people", Boolean(people.on));
  el("answering-text").textContent = people.on ? "People answer everything" : "Assistant is answering";
  el("people-banner").hidden = !people.on;
  el("people-banner").textContent = people.on ? `Everything goes to people. ${who(people, now)}.` : "";
  el("people-turned").textContent = who(people, now);
  el("people-turn").textContent = people.on ? "Let the assistant answer again" : "Send everything to people";
  el("people-turn").hidden = !admin;
  el("people-admins").hidden = admin;
  el("staffed-turned").textContent = who(staffed, now);
  for (const choice of document.querySelectorAll("[data-staffed]")) {
    choice.setAttribute("aria-pressed", String(choice.dataset.staffed === String(staffed.on)));
  }
}

export const refresh = async () => show(await switches());

export function wire(onTrouble) {
  const attempt = (work) => work.then(show).catch((failure) => onTrouble(failure.message));
  el("answering").addEventListener("click", () => el("switches").showModal());
  el("people-turn").addEventListener("click", () => {
    el("switches").close();
    el("sure-title").textContent = people.on ? "Let the assistant answer again?" : "Send everything to people?";
    el("sure-text").textContent = people.on
      ? "New and running conversations are answered by the assistant from now on."
      : "From now on your team answers every conversation, day and night, until somebody turns this back.";
    el("sure").returnValue = "";
    el("sure").showModal();
  });
  el("sure").addEventListener("close", () => {
    if (el("sure").returnValue === "yes") attempt(turn("everything_to_people", people.on ? null : true));
    el("answering").focus();
  });
  for (const choice of document.querySelectorAll("[data-staffed]")) {
    choice.addEventListener("click", () => attempt(turn("staffed", JSON.parse(choice.dataset.staffed))));
  }
}
