// A page's scripts put together in one scope, as a page does it, with what they would find there; for the tests.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const here = dirname(fileURLToPath(import.meta.url));

/** The cases that Python is held to as well. */
export const CASES = JSON.parse(readFileSync(join(here, "../cases/page_cases.json"), "utf8"));

/** What the scripts `files` of the lesson define under `names`, where `given` stands for the rest of the page. */
export function load(files, names, given = {}) {
  const code = files.map((file) => readFileSync(join(here, "../../backprop_tutor/lesson", file), "utf8")).join("\n");
  const scope = vm.createContext({ ...given });
  return vm.runInContext(`(() => {"use strict";\n${code}\nreturn { ${names.join(", ")} };\n})()`, scope);
}

/** A value as plain data of this side, so that it can be compared whatever scope it was made in. */
export function plain(value) {
  return JSON.parse(JSON.stringify(value, (_, one) => (typeof one === "number" && !Number.isFinite(one) ? String(one) : one)));
}

/** A page whose lesson is `data`, as `state.js` reads it: bytes under a key, here one of zeros. */
export function pageOf(data) {
  const texts = { "lesson-key": "AA==", "lesson-data": Buffer.from(JSON.stringify(data)).toString("base64") };
  return { document: { getElementById: (id) => ({ textContent: texts[id] }) }, atob, TextDecoder, Uint8Array };
}
