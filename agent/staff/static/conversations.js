// The list of conversations that are going on: who waits, who is with whom, what was said last.

import * as api from "./api.js";
import { ago, button, make, moment, patientOf, practiceNow } from "./show.js";

const el = (id) => document.getElementById(id);
const EVERY = 4_000;
const WHO = { caller: "Patient", agent: "Assistant" };
const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });
let rows = [];
let chosen = null;

export const title = ({ channel, lang }) => `${channel === "phone" ? "Call" : "Chat"} in ${LANGUAGES.of(lang)}`;
export const duration = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;

function mark({ state, holder }) {
  if (state === "with_staff") return holder?.me ? ["mine", "You have it"] : ["taken", `With ${holder?.name ?? "staff"}`];
  return state === "waiting_for_staff" ? ["waiting", "Waits for a person"] : ["routine", "With the assistant"];
}

function item(one, run) {
  const [tone, label] = mark(one);
  const when = make("time", "", one.call ? duration(one.call.seconds) : ago(one.seconds));
  const top = make("div", "top", make("span", "badge", label), make("strong", "", patientOf(one.ticket)), when);
  const where = make("div", "where", `${title(one)}, since ${moment(one.since, practiceNow())}`);
  const said = one.last.slice(-2).map((line) =>
    make("div", "snippet", make("span", "", `${line.name ?? WHO[line.who] ?? "Staff"}: `), line.text),
  );
  const about = one.ticket && make("div", `reason ${one.ticket.urgency}`, one.ticket.summary);
  const node = button("", `ticket ${tone}`, run);
  node.append(top, where, ...(about ? [about] : []), ...said);
  node.dataset.id = one.id;
  if (one.id === chosen) node.setAttribute("aria-current", "true");
  return make("li", "", node);
}

function paint(onChoose) {
  const focused = document.activeElement?.dataset?.id;
  el("live-list").replaceChildren(...rows.map((one) => item(one, () => onChoose(one.id))));
  if (focused) el("live-list").querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  el("live-empty").hidden = rows.length > 0;
  const waiting = rows.filter(({ state }) => state === "waiting_for_staff").length;
  const count = document.querySelector("[data-view=live] b");
  count.textContent = rows.length || "";
  count.classList.toggle("pressing", waiting > 0);
  count.title = waiting ? `${waiting} waiting for a person` : "";
}

export function list({ onChoose, onRead, onTrouble }) {
  let reading = 0;
  const refresh = async () => {
    const turn = (reading += 1);
    try {
      const found = await api.conversations();
      if (turn !== reading) return;
      rows = found;
      paint(onChoose);
      onRead(rows);
    } catch (failure) {
      onTrouble(`The conversations could not be read: ${failure.message}`);
    }
  };
  setInterval(() => !document.hidden && refresh(), EVERY);
  return {
    refresh,
    choose: (id) => {
      chosen = id;
      paint(onChoose);
    },
    focus: (id) => el("live-list").querySelector(`[data-id="${CSS.escape(id ?? "")}"]`)?.focus(),
  };
}
