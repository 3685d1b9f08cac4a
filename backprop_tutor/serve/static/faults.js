// What is wrong, below the field in which it stands, the caret under the character.

import { make, told } from "./making.js";

/** @param {FaultFound} fault */
export function faultRow(fault) {
  const parts = [];
  if (fault.caret) {
    const [line, mark] = fault.caret.split("\n");
    parts.push(make("pre", { "aria-hidden": "true" }, `${line}\n`, make("span", { class: "caret" }, mark)));
  }
  parts.push(make("p", {}, told(fault.message)));
  if (fault.hint) parts.push(make("p", { class: "hint" }, told(fault.hint)));
  return make("div", { class: "fault-of" }, parts);
}

// Of a long line the part with the caret is seen; called once the rows stand in the page.
/** @param {Iterable<Element>} rows */
export function showCarets(rows) {
  for (const row of rows) {
    const line = row.querySelector("pre"), mark = row.querySelector(".caret")?.textContent ?? "";
    if (!line || line.scrollWidth <= line.clientWidth) continue;
    const longest = Math.max(...(line.textContent ?? "").split("\n").map((each) => each.length));
    line.scrollLeft = (line.scrollWidth * mark.search(/\S/)) / longest - line.clientWidth / 3;
  }
}
