// The console's requests. Changes carry the page's token; a session that ended leads back to the sign-in.

const token = document.body.dataset.csrf;

async function ask(path, { method = "GET", body, keepalive = false } = {}) {
  const headers = method === "GET" ? {} : { "Content-Type": "application/json", "X-CSRF-Token": token };
  const response = await fetch(`/api/staff${path}`, {
    method, headers, keepalive, body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  if (response.status === 401) location.assign("/staff/sign-in");
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.detail ?? answer.title), { status: response.status });
  return answer;
}

export const tickets = (status) => ask(`/tickets?status=${status}`);
export const transcript = (id) => ask(`/tickets/${encodeURIComponent(id)}/transcript`);
export const resolve = (id, keepalive) =>
  ask(`/tickets/${encodeURIComponent(id)}/resolve`, { method: "POST", keepalive });
export const models = () => ask("/models");
export const switches = () => ask("/switch");
export const turn = (name, on) => ask("/switch", { method: "POST", body: { name, on } });

const at = (id, act = "") => `/conversations/${encodeURIComponent(id)}${act}`;
const post = (path, body) => ask(path, { method: "POST", body });
export const own = (id, owner) => post(`/tickets/${encodeURIComponent(id)}/owner`, { owner });
export const conversations = () => ask("/conversations");
export const conversation = (id) => ask(at(id));
export const claim = (id) => post(at(id, "/claim"));
export const release = (id) => post(at(id, "/release"));
export const end = (id) => post(at(id, "/end"));
export const say = (id, text) => post(at(id, "/lines"), { text });
export const send = (id, to) => post(at(id, "/send"), { to });
