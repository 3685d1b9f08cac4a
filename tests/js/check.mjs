// Checks the pages' scripts: eslint, then the types by tsc. `node check.mjs ROOT`, where eslint and TypeScript are
// installed beside this file.
//
// A lesson's scripts are no modules: the page puts them together in one scope, in the order of `scripts.json`. So each
// page is a TypeScript project of its own, whose scripts see each other's names; its types stand in `*.d.ts`.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(process.argv[2] ?? join(here, "../.."));
const scripts = JSON.parse(readFileSync(join(here, "scripts.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "scripts-"));

const OPTIONS = {
  allowJs: true, checkJs: true, noEmit: true, target: "es2022", lib: ["es2023", "dom", "dom.iterable"], types: [],
  strict: true, noFallthroughCasesInSwitch: true, noUnusedLocals: false,
};

// All is checked by `strict`; a page that is not `typed` yet may leave the types of parameters out.
function project(name, { files, types = [], modules = false, typed = false }) {
  const path = join(folder, `${name}.json`);
  const compilerOptions = modules
    ? { ...OPTIONS, noImplicitAny: typed, module: "es2022", moduleResolution: "bundler" }
    : { ...OPTIONS, noImplicitAny: typed, moduleDetection: "legacy" };
  const own = ["dom.d.ts", ...types].map((file) => join(here, file));
  writeFileSync(path, JSON.stringify({ compilerOptions, files: [...own, ...files.map((file) => join(root, "backprop_tutor", file))] }));
  return path;
}

function run(name, program, ...given) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(here, "node_modules", program), ...given], { cwd: root });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { said += data; });
    child.on("close", (code) => done({ name, code, said }));
  });
}

const all = [...new Set(Object.values(scripts).flatMap(({ files }) => files))].map((file) => `backprop_tutor/${file}`);
const checks = [
  run("eslint", "eslint/bin/eslint.js", "--config", join(here, "eslint.config.mjs"), "--max-warnings", "0", ...all),
  ...Object.entries(scripts).map(([name, page]) => run(`types of ${name}`, "typescript/bin/tsc", "-p", project(name, page))),
];
const found = await Promise.all(checks);
rmSync(folder, { recursive: true });
for (const { name, code, said } of found) if (code) console.log(`${name}:\n${said}`);
const faults = found.filter(({ code }) => code).length;
console.log(faults ? `${faults} of ${found.length} checks of scripts failed` : `scripts: ${all.length} files, ${found.length} checks hold`);
process.exitCode = faults ? 1 : 0;
