// Asks for a line: POST /api/calls. A refusal becomes a sentence of the page.

import { Trouble } from "./trouble.js";

export async function ask(lang, install) {
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ lang }) };
  const response = await fetch("/api/calls", { ...request, signal: AbortSignal.timeout(10_000) }).catch(() => {
    throw new Trouble("unreachable");
  });
  const body = await response.json().catch(() => ({}));
  if (response.ok) return { url: new URL(body.url, location.href).href, token: body.token, callSid: body.call_sid, lang };
  if (body.missing?.length) throw new Trouble("missing", { packages: body.missing.join(", "), command: install });
  if (response.status === 403 || response.status === 404) throw new Trouble("not_allowed");
  if ([429, 503].includes(response.status)) throw new Trouble("busy", { seconds: Number(response.headers.get("Retry-After")) || 30 });
  throw new Trouble("failed");
}
