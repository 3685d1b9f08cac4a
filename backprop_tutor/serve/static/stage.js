// The lesson below what is typed: the new picture at once, the whole lesson as soon as it is made. A lesson
// stands in a frame of its own; the old one stays until the new one is there, and never lands on a program
// that has changed since.

import { turnNow } from "./asking.js";
import { byId, make, word } from "./making.js";

/** @type {HTMLIFrameElement | null} */
let shown = null;
/** @type {HTMLIFrameElement | null} */
let coming = null;
/** @type {(...told: any[]) => void} */
let moved = () => {};

/** @param {(seen: any) => void} action any: what the lesson says of itself */
export function whenMoved(action) {
  moved = action;
}

// A lesson that is not that of the program above is pale, and nothing in it can be pressed.
/** @param {boolean} stale */
function setStale(stale) {
  byId("stage").classList.toggle("stale", stale);
  byId("frames").inert = stale;
}

/** @param {PictureFound} found */
export function showPicture(found) {
  const preview = byId("preview"), image = byId("picture");
  byId("nothing").hidden = true;
  byId("stage").classList.remove("faulty");
  setStale(true);
  preview.classList.toggle("alone", !shown);
  const place = shown?.contentDocument?.getElementById("picture")?.getBoundingClientRect();
  preview.style.width = place?.width ? `${place.width}px` : "";
  preview.style.minHeight = place?.height ? `${place.height}px` : "";
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(found.svg)}`;
  image.alt = word("picture-of", { name: found.output, result: found.result });
  preview.hidden = false;
}

// The lesson is stale, and there is no new one: what was typed has a fault.
export function showStale() {
  coming?.remove();
  coming = null;
  byId("waiting").hidden = true;
  byId("stage").classList.add("faulty");
  setStale(Boolean(shown) || !byId("preview").hidden);
}

export function showNothing() {
  showStale();
  shown?.remove();
  shown = null;
  byId("preview").hidden = true;
  byId("nothing").hidden = false;
  byId("stage").classList.remove("faulty");
  setStale(false);
}

let number = 0;

/** @param {object} wanted @param {string} scale @param {number | null} step */
export function askLesson(wanted, scale, step) {
  coming?.remove();
  const name = `lesson-${++number}`;
  const frame = make("iframe", { name, title: word("lesson"), class: "next" });
  coming = frame;
  byId("waiting").hidden = Boolean(shown);
  byId("frames").append(frame);
  frame.addEventListener("load", () => {
    if (frame !== coming) return;
    const inside = frame.contentDocument;
    if (!inside?.getElementById("lesson-data")) return;
    arrive(frame);
  });
  const anchor = step === null ? `${scale}-step-999999` : `${scale}-step-${step}`;
  const form = make("form", { method: "post", action: `/lesson#${anchor}`, target: name, hidden: true },
    ...Object.entries({ request: JSON.stringify(wanted), ...turnNow() }).map(([field, value]) => make("input", { type: "hidden", name: field, value })));
  document.body.append(form);
  form.submit();
  form.remove();
}

/** @param {HTMLIFrameElement} frame */
function arrive(frame) {
  const old = shown;
  shown = frame;
  coming = null;
  dress(frame);
  frame.classList.remove("next");
  old?.remove();
  byId("preview").hidden = true;
  byId("waiting").hidden = true;
  setStale(false);
  const inside = /** @type {Document} */ (frame.contentDocument);  // it has loaded
  const fit = () => {
    const height = Math.ceil(inside.body.getBoundingClientRect().height) + 4;
    if (Math.abs(height - frame.clientHeight) > 1) frame.style.height = `${height}px`;
  };
  const own = /** @type {Window & typeof globalThis} */ (frame.contentWindow);
  new own.ResizeObserver(fit).observe(inside.body);
  fit();
  const tell = () => moved(stepOf(inside));
  const watch = new own.MutationObserver(tell);
  watch.observe(inside.getElementById("counter"), { childList: true, characterData: true, subtree: true });
  inside.addEventListener("input", (event) => tellValue(inside, event.target));
  inside.getElementById("descend")?.addEventListener("click", () => tellValues(inside));
  inside.getElementById("descend-ten")?.addEventListener("click", () => tellValues(inside));
  inside.getElementById("reset")?.addEventListener("click", () => tellValues(inside));
}

/** @param {Document} inside */
function stepOf(inside) {
  const [step, last] = inside.getElementById("counter").textContent.split("/").map(Number);
  return { scale: inside.documentElement.dataset.scale, step: step === last ? null : step };
}

/** @type {(...told: any[]) => void} */
let typedInside = () => {};

/** @param {(label: string, value: string) => void} action */
export function whenTypedInside(action) {
  typedInside = action;
}

// A number that is changed in the lesson is changed above, too.
/** @param {Document} inside @param {any} target any: what an event came from */
function tellValue(inside, target) {
  const place = target.dataset?.input ?? target.dataset?.range;
  if (place === undefined) return;
  const field = inside.getElementById(`input-${place}`);
  const label = inside.querySelector(`label[for="input-${place}"] .unseen`)?.textContent;
  if (label && field.getAttribute("aria-invalid") !== "true") typedInside(label, field.value);
}

/** @param {Document} inside */
function tellValues(inside) {
  for (const field of inside.querySelectorAll("[data-input]")) tellValue(inside, field);
}

// The scale is switched in the lesson that is there; whether it was.
/** @param {string} scale */
export function switchScale(scale) {
  const radio = shown && !coming ? shown.contentDocument?.getElementById(`scale-${scale}`) : null;
  if (!radio || byId("stage").classList.contains("stale")) return false;
  radio.click();
  return true;
}

let theme = "auto";

/** @param {string} name */
export function setTheme(name) {
  theme = name;
  for (const frame of [shown, coming]) if (frame) dress(frame);
}

/** @param {HTMLIFrameElement} frame */
function dress(frame) {
  const root = frame.contentDocument?.documentElement;
  if (!root) return;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
}
