// Tickets as people read them. Words of patients only ever become text nodes.

const me = document.body.dataset.me;
const zone = document.body.dataset.zone;
const ahead = Date.parse(document.body.dataset.now) - Date.now();
export const practiceNow = () => new Date(Date.now() + ahead); // the practice's clock, which a demo may set
export const KINDS = {
  human_request: "Wants a person", emergency: "Emergency", crisis: "Crisis", urgent: "Urgent, same day",
  proxy_verification: "Check who is calling", message: "Message", refill_request: "Refill request",
  results_callback: "Asks for results", records: "Records", billing: "Billing", waitlist: "Waiting list", callback: "Promised call",
};
const DETAILS = { callback_number: "Call back at", wish: "Wish", drug: "Medicine", pharmacy: "Pharmacy", born: "Born", name: "Name" };

export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function button(label, className, run) {
  const node = make("button", className, label);
  node.type = "button";
  node.addEventListener("click", run);
  return node;
}

const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
const clock = new Intl.DateTimeFormat("en-US", { timeZone: zone, hour: "numeric", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-US", { timeZone: zone, weekday: "short", month: "short", day: "numeric" });

export function moment(iso, now) {
  const at = new Date(iso);
  return day.format(at) === day.format(now) ? clock.format(at) : `${date.format(at)}, ${clock.format(at)}`;
}

function timeOf(iso, now, before = "", className = "") {
  const node = make("time", className, before + moment(iso, now));
  node.dateTime = iso;
  return node;
}

const TASKS = { book: "Booking a visit", reschedule: "Moving a visit", cancel: "Cancelling a visit", check_visits: "Asking about visits", message: "Leaving a message" };
const plain = (name) => (name.startsWith("task") ? "In the middle of" : null) ?? DETAILS[name] ?? name.replace(/[_.]/g, " ").replace(/^./, (first) => first.toUpperCase());

export const patientOf = (ticket) => ticket?.details.name ?? ticket?.patient ?? null;

export function row(ticket, now, { current, gone, fresh, run }) {
  const top = make("div", "top", make("span", "badge", KINDS[ticket.kind] ?? ticket.kind), patientOf(ticket) && make("span", "", patientOf(ticket)));
  if (ticket.status === "resolved") top.append(timeOf(ticket.resolved_at, now, "Done "));
  else if (ticket.due) top.append(timeOf(ticket.due, now, ticket.overdue ? "Overdue since " : "Due ", ticket.overdue ? "late" : ""));
  else top.append(timeOf(ticket.opened, now));
  const node = button("", `ticket ${ticket.urgency}${gone ? " gone" : ""}${fresh ? " fresh" : ""}`, run);
  const owner = ticket.owner && make("span", "owner", ticket.owner === me ? "Yours" : `With ${ticket.owner}`);
  if (owner) top.insertBefore(owner, top.querySelector("time"));
  node.append(top, make("div", "summary", ticket.summary));
  node.dataset.id = ticket.id;
  if (current) node.setAttribute("aria-current", "true");
  return make("li", "", node);
}

export function facts(ticket, now) {
  const list = make("dl", "facts");
  const add = (name, value) => {
    const wide = typeof value === "string" && value.length > 34 ? "wide" : "";
    if (value) list.append(make("dt", wide, name), make("dd", wide, value));
  };
  add("Patient", ticket.patient);
  for (const [name, value] of Object.entries(ticket.details)) add(plain(name), name.startsWith("task") ? TASKS[value] ?? plain(value) : value);
  add("Reason", ticket.reason && ticket.reason.split(".").map(plain).join(": "));
  add("Opened", timeOf(ticket.opened, now));
  add("Due", ticket.due && timeOf(ticket.due, now, "", ticket.overdue ? "late" : ""));
  add("Looked after by", ticket.owner === me ? `You (${me})` : ticket.owner ?? (ticket.status === "open" && "Nobody yet"));
  add("Resolved", ticket.resolved_at && `${moment(ticket.resolved_at, now)} by ${ticket.resolved_by}`);
  add("Ticket", ticket.id);
  return list;
}

const NAMES = { caller: "Patient", agent: "Assistant" };

export const saidLine = (line, now) =>
  make("li", line.who, make("small", "", `${line.name ?? NAMES[line.who] ?? "Staff"}, ${moment(line.at, now)}`), make("p", "", line.text));

// What the assistant was about to say when a person took over; the patient has not seen it.
export const withheldLine = (text) =>
  make("li", "withheld", make("small", "", "The assistant was about to say (not shown to the patient)"), make("p", "", text));

export const said = (transcript, now) => make("ol", "said", ...transcript.lines.map((line) => saidLine(line, now)));

export function ago(seconds) {
  if (seconds < 60) return "now";
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
