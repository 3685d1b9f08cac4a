// The live page: what is typed is asked for at once, and what comes back is put in its place.

import { intoAddress, addressOf, fromAddress } from "./address.js";
import { askFile, askPicture } from "./asking.js";
import { faultRow, showCarets } from "./faults.js";
import { compareFromNow, setValues, showFields, startAnew, valuesNow, whenChanged } from "./fields.js";
import { DATA, byId, make, told, word } from "./making.js";
import { askLesson, setTheme, showNothing, showPicture, showStale, switchScale, whenMoved, whenTypedInside } from "./stage.js";

const PAUSE = 25;
const LESSON_PAUSE = 350;
const AGAIN = 2000;

const program = byId("program");
/** @type {{ scale: string | null, step: number | null }} */
const seen = { scale: null, step: null };
let waiting = 0;
let lessonWaiting = 0;
/** @type {any} */  // any: what the server answered
let last = null;

function wantedNow() {
  return {
    program: program.value, values: valuesNow(true), scale: seen.scale, step: seen.step, lang: DATA.lang, theme: themeNow(),
    narrow: innerWidth <= 640,
  };
}

function themeNow() {
  const chosen = byId("theme").value;
  if (chosen !== "auto") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

// Something was typed: after a moment without keys it is asked for.
function typed() {
  fitProgram();
  clearTimeout(waiting);
  clearTimeout(lessonWaiting);
  showPressed();
  waiting = setTimeout(ask, PAUSE);
}

async function ask() {
  const wanted = wantedNow();
  if (!wanted.program.trim()) {
    last = null;
    showFaults([]);
    showFields([], []);
    byId("scales").hidden = true;
    byId("result").textContent = byId("reading").textContent = "";
    showNothing();
    history.replaceState(null, "", location.pathname + location.search);
    return;
  }
  let found;
  try {
    found = await askPicture(wanted);
  } catch {
    byId("news").textContent = word("no-answer");
    waiting = setTimeout(ask, AGAIN);
    return;
  }
  if (found === null || program.value !== wanted.program) return;
  byId("news").textContent = "";
  const faults = found.faults ?? [];
  showFaults(faults.filter((/** @type {FaultFound} */ fault) => fault.field === "program"));
  if (found.fields?.length || found.ok) showFields(found.fields ?? [], faults);
  if (!found.ok) {
    last = null;
    showStale();
    return;
  }
  last = found;
  seen.scale = found.scale;
  showReading(found);
  showScales(found);
  showPicture(found);
  remember();
  lessonWaiting = setTimeout(() => askLesson(wantedNow(), found.scale, seen.step), LESSON_PAUSE);
}

function remember() {
  intoAddress({ program: program.value, values: valuesNow(), scale: seen.scale, step: seen.step });
}

/** @param {FaultFound[]} faults */
function showFaults(faults) {
  program.setAttribute("aria-invalid", String(faults.length > 0));
  const rows = faults.map(faultRow);
  byId("faults").replaceChildren(...rows);
  showCarets(rows);
  if (faults.length) byId("result").textContent = byId("reading").textContent = "";
}

/** @param {PictureFound} found */
function showReading(found) {
  byId("result").textContent = found.result;
  const said = found.notes.length ? found.notes.join(" · ") : `${word("read-as")} ${found.reading.join("; ")}`;
  byId("reading").replaceChildren(...told(said));
}

/** @param {PictureFound} found */
function showScales(found) {
  const holder = byId("scales");
  const legend = /** @type {Element} */ (holder.querySelector("legend"));
  holder.hidden = found.scales.length < 2;
  holder.replaceChildren(legend, ...found.scales.map((name) => make("label", {},
    make("input", { type: "radio", name: "live-scale", value: name, id: `live-scale-${name}`, checked: name === found.scale, on: { change: () => chooseScale(name) } }),
    word(`scale-${name}`))));
}

/** @param {string} name */
function chooseScale(name) {
  seen.scale = name;
  if (switchScale(name)) return remember();
  seen.step = null;
  typed();
}

whenMoved((/** @type {{ scale: string, step: number | null }} */ { scale, step }) => {
  seen.scale = scale;
  seen.step = step;
  const radio = byId(`live-scale-${scale}`);
  if (radio) radio.checked = true;
  remember();
});

let changedInside = 0;
whenTypedInside((/** @type {string} */ label, /** @type {string} */ value) => {
  if (Date.now() - changedInside > 1500) compareFromNow();
  changedInside = Date.now();
  const field = last?.fields.find((/** @type {FieldFound} */ each) => each.label === label);
  if (!field) return;
  setValues({ [field.name]: value });
  remember();
  clearTimeout(waiting);
  waiting = setTimeout(refresh, PAUSE);
});

// A number was changed in the lesson, which shows it already: the fields above follow.
async function refresh() {
  const wanted = wantedNow();
  const found = await askPicture(wanted).catch(() => null);
  if (!found?.ok || program.value !== wanted.program) return;
  last = found;
  showFields(found.fields, []);
  showReading(found);
}

// Examples: each button puts a program and its values into the fields.
/** @param {import("./address.js").Seen} given */
function begin({ program: text, values, scale = null, step = null }) {
  program.value = text ?? "";
  startAnew(values);
  seen.scale = scale;
  seen.step = step;
  typed();
}

function showPressed() {
  for (const button of document.querySelectorAll("[data-example]")) {
    const example = DATA.examples.find((/** @type {import("./address.js").Seen & { name: string }} */ each) => each.name === button.dataset.example);
    button.setAttribute("aria-pressed", String(example.program === program.value));
  }
}

for (const button of document.querySelectorAll("[data-example]")) {
  button.addEventListener("click", () => begin(DATA.examples.find((/** @type {import("./address.js").Seen & { name: string }} */ each) => each.name === button.dataset.example)));
}

// Files.
for (const button of document.querySelectorAll("[data-export]")) {
  button.addEventListener("click", async () => {
    const news = byId("news");
    news.textContent = word("saving", { name: button.textContent });
    try {
      const { name, blob } = await askFile(button.dataset.export ?? "", wantedNow());
      const link = make("a", { href: URL.createObjectURL(blob), download: name, hidden: true });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      news.textContent = word("saved", { name });
    } catch (error) {
      news.textContent = error instanceof Error ? error.message : String(error);
    }
  });
}

byId("share").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    byId("news").textContent = word("shared");
  } catch {
    byId("news").textContent = word("not-shared");
  }
});

// Colours and language.
const theme = byId("theme");
/** @param {string} name */
function chooseTheme(name) {
  theme.value = name;
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  setTheme(name);
}
theme.addEventListener("change", () => {
  chooseTheme(theme.value);
  try {
    localStorage.setItem("backprop-tutor:theme", theme.value);
  } catch {
    // Without storage the choice holds for this visit.
  }
});
for (const link of document.querySelectorAll("[data-lang]")) {
  link.addEventListener("click", () => {
    if (program.value.trim()) link.hash = addressOf({ program: program.value, values: valuesNow(), scale: seen.scale, step: seen.step });
  });
}

function fitProgram() {
  const lines = program.value.split("\n").length;
  program.rows = Math.max(2, Math.min(lines, 12));
}

program.addEventListener("input", () => {
  seen.scale = null;
  seen.step = null;
  typed();
});
whenChanged(() => typed());
addEventListener("hashchange", () => {
  const given = fromAddress();
  if (given && addressOf(given) !== addressOf({ program: program.value, values: valuesNow(), ...seen })) begin(given);
});

let kept = "auto";
try {
  kept = localStorage.getItem("backprop-tutor:theme") ?? "auto";
} catch {
  // Without storage the page begins as the system wishes.
}
chooseTheme(["light", "dark"].includes(kept) ? kept : "auto");
begin(fromAddress() ?? DATA.examples[0]);
