// Language models: what they were asked in a conversation and what it cost, and whether they answer at all.

import * as api from "./api.js";
import { make } from "./show.js";

const EVERY = 15_000;
const PURPOSES = { understanding: "Read the patient's words", phrasing: "Put our words otherwise" };
const OUTCOMES = {
  used: "used", invalid: "not a valid answer", unsure: "unsure, asked further", refused: "would not answer", rate_limited: "asked too often",
  unavailable: "its server failed", unauthorised: "key refused", unreachable: "not reached", slow: "too slow", cut: "broke off",
  empty: "said nothing", cancelled: "not waited for", rejected: "wording not used", overruled: "overruled by our rules",
};
const counted = (number, one, more) => (number === 1 ? `1 ${one}` : `${number.toLocaleString("en")} ${more}`);
const dollars = (cost) => `$${cost.toFixed(4)}`;

// One line for all; calls whose cost nobody knows are counted beside the sum, never in it.
export function spent(models) {
  if (!models) return "";
  const { calls, tokens, cost, unpriced } = models;
  const priced = calls > unpriced ? [dollars(cost)] : [];
  const rest = unpriced ? [calls > unpriced ? `${unpriced} of unknown cost` : "cost unknown"] : [];
  return [counted(calls, "model call", "model calls"), counted(tokens, "token", "tokens"), ...priced, ...rest].join(", ");
}

export const asked = (models) =>
  (models?.asked ?? []).map((call) => {
    const known = call.tokens_in !== null && call.tokens_out !== null;
    const tokens = known ? `${call.tokens_in.toLocaleString("en")} tokens in, ${call.tokens_out.toLocaleString("en")} out` : "tokens not told";
    const cost = call.cost === null ? "cost unknown" : dollars(call.cost);
    const how = [tokens, `${(call.ms / 1000).toFixed(1)} s`, cost].join(", ");
    const line = make("li", "", make("strong", "", `${call.model}: ${OUTCOMES[call.outcome] ?? call.outcome}. `), `${PURPOSES[call.purpose]}: ${how}. `, make("small", "", call.prompt));
    line.dataset.outcome = call.outcome;
    return line;
  });

function standing(models) {
  if (!models.length) return "No language model: patients are understood on this machine";
  const told = models.map(({ model, state, why, detail }) => {
    if (state === "asked") return model;
    return `${model} ${state === "left_alone" ? "left alone" : "failing"} (${[OUTCOMES[why] ?? why, detail].filter(Boolean).join(", ")})`;
  });
  const away = models.every(({ state }) => state === "left_alone");
  return `${models.length === 1 ? "Language model" : "Language models"}: ${told.join(", ")}${away ? "; patients are understood on this machine until then" : ""}`;
}

export function watch(node) {
  const refresh = async () => {
    const models = await api.models().catch(() => null);
    if (models === null) return;
    const text = standing(models);
    if (node.textContent !== text) node.textContent = text;
    node.classList.toggle("down", models.some(({ state }) => state !== "asked"));
  };
  setInterval(() => !document.hidden && refresh(), EVERY);
  return refresh();
}
