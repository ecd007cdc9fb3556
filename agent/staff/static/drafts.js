// What staff has begun to write, by conversation: kept in this tab until it is sent.

const KEY = "careline.console";

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

export const recall = (name) => kept()[name] ?? "";

export function remember(name, value) {
  const all = kept();
  if (value) all[name] = value;
  else delete all[name];
  try {
    sessionStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // A full or forbidden store costs the memory of a reload, nothing else.
  }
}
