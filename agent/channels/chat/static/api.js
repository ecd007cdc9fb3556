// The chat's three requests. A refusal keeps its status, so that the page can say what to do.

export class Refused extends Error {
  constructor(status, retryAfter) {
    super(`refused with ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

async function ask(path, { body, patience = 30_000 } = {}) {
  const response = await fetch(path, {
    method: body ? "POST" : "GET",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(patience),
  });
  if (!response.ok) throw new Refused(response.status, Number(response.headers.get("Retry-After")) || 2);
  return response.json();
}

const at = (id) => `/api/conversations/${encodeURIComponent(id)}`;

export const open = (lang) => ask("/api/conversations", { body: { lang } });
export const read = (id) => ask(at(id), { patience: 10_000 });
export const say = (id, text, client_id) => ask(`${at(id)}/messages`, { body: { text, client_id } });
