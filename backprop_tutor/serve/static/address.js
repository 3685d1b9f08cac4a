// The address holds what is seen: program, values, scale, step. It stands behind the #, which no browser
// sends anywhere.

const SCALES = ["layers", "neurons", "gates"];

/** @typedef {Record<string, string>} Values */

// What an address does not say in our words it does not say: the page then chooses.
export function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!given.has("p")) return null;
  /** @type {Values} */
  const values = {};
  for (const [key, value] of given) if (key.startsWith("v.")) values[key.slice(2)] = value;
  const step = given.get("step");
  return {
    program: given.get("p"), values, scale: SCALES.find((name) => name === given.get("scale")) ?? null,
    step: step !== null && /^\d{1,6}$/.test(step) ? Number(step) : null,
  };
}

/** @typedef {{ program: string | null, values: Record<string, string>, scale?: string | null, step?: number | null }} Seen */

/** @param {Seen} seen */
export function addressOf({ program, values, scale, step }) {
  const held = new URLSearchParams();
  held.set("p", program ?? "");
  for (const [name, value] of Object.entries(values)) if (value !== "") held.set(`v.${name}`, value);
  if (scale) held.set("scale", scale);
  if (step !== null && step !== undefined) held.set("step", String(step));
  return `#${held}`;
}

/** @param {Seen} seen */
export function intoAddress(seen) {
  history.replaceState(null, "", location.pathname + location.search + addressOf(seen));
}
