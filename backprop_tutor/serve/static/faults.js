// What is wrong, below the field in which it stands, the caret under the character.

import { make } from "./making.js";

export function faultRow(fault) {
  const parts = [];
  if (fault.caret) {
    const [line, mark] = fault.caret.split("\n");
    parts.push(make("pre", { "aria-hidden": "true" }, `${line}\n`, make("span", { class: "caret" }, mark)));
  }
  parts.push(make("p", {}, fault.message));
  if (fault.hint) parts.push(make("p", { class: "hint" }, fault.hint));
  return make("div", { class: "fault-of" }, parts);
}
