// The teacher's view: the counts of every cell, asked for every two seconds; no name comes here.

import { DATA, byId, make, word } from "./making.js";

const EVERY = 2000;
let before = "";

async function look() {
  let found;
  try {
    const response = await fetch("/teacher/counts", {
      method: "POST", headers: { "content-type": "application/json" }, cache: "no-store",
      body: JSON.stringify({ token: decodeURIComponent(location.hash.slice(1)), lang: DATA.lang }),
    });
    found = await response.json();
  } catch {
    byId("state").textContent = word("not-live");
    setTimeout(look, EVERY);
    return;
  }
  setTimeout(look, EVERY);
  if (!found.ok) {
    byId("state").textContent = found.error;
    return;
  }
  byId("state").textContent = found.waiting ? word("marking", { count: found.waiting }) : `● ${word("live")}`;
  byId("counts").textContent = word("counts", found);
  if (found.title) byId("sheet-title").textContent = found.title;
  const now = JSON.stringify(found.cells);
  if (now === before) return;
  before = now;
  let problem = "";
  byId("cell-rows").replaceChildren(...found.cells.flatMap((/** @type {CellCounted} */ cell) => {
    const head = cell.problem === problem ? [] : [make("tr", {}, make("th", { scope: "rowgroup", colspan: "5", class: "of-problem" }, cell.problem))];
    problem = cell.problem;
    return [...head, make("tr", {},
      make("th", { scope: "row" }, cell.quantity),
      make("td", {}, String(cell.tried)),
      make("td", {}, String(cell.right)),
      make("td", {}, make("meter", { min: 0, max: Math.max(cell.tried, 1), value: cell.right, "aria-label": `${cell.quantity}: ${cell.right} / ${cell.tried}` })),
      make("td", { class: "slips" }, cell.slips.map((slip) => make("span", {}, `${slip.count} × ${slip.said}`))))];
  }));
}

look();
