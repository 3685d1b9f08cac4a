// What eslint looks for. Names are tsc's affair: a lesson's scripts see those of the scripts before them.

import js from "@eslint/js";

const rules = {
  ...js.configs.recommended.rules,
  "no-undef": "off",
  "no-unused-vars": ["error", { vars: "local", argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none", ignoreRestSiblings: true }],
  "array-callback-return": "error",
  "default-case-last": "error",
  eqeqeq: "error",
  "no-await-in-loop": "error",
  "no-constructor-return": "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-script-url": "error",
  "no-self-compare": "error",
  "no-shadow": ["error", { builtinGlobals: false, hoist: "never" }],
  "no-throw-literal": "error",
  "no-unmodified-loop-condition": "error",
  "no-unreachable-loop": "error",
  "no-useless-assignment": "error",
  "no-useless-concat": "error",
  "no-useless-rename": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "prefer-template": "off",
  "prefer-object-spread": "error",
};

export default [
  { files: ["backprop_tutor/**/*.js"], languageOptions: { ecmaVersion: 2024, sourceType: "script" }, linterOptions: { reportUnusedDisableDirectives: "error" }, rules },
  { files: ["backprop_tutor/serve/static/*.js"], languageOptions: { sourceType: "module" }, rules: { "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" }] } },
  // Put together inside one function, whose first line says it.
  { files: ["backprop_tutor/lesson/*.js"], rules: { strict: "off" } },
];
