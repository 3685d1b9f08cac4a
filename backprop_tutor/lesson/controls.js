// Going from step to step: buttons, keys, the slider, the list, the address; and the page's settings.

const canStore = (() => {
  try {
    localStorage.setItem("backprop-tutor", "1");
    localStorage.removeItem("backprop-tutor");
    return true;
  } catch {
    return false;
  }
})();

function remember(key, value) {
  if (canStore) localStorage.setItem(`backprop-tutor:${DATA.id}:${key}`, JSON.stringify(value));
}

function remembered(key, otherwise) {
  if (!canStore) return otherwise;
  try {
    return JSON.parse(localStorage.getItem(`backprop-tutor:${DATA.id}:${key}`) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

const PACE = 1600;
let playing = 0;

const ICONS = {
  first: "M5 4v16M19 5v14l-11-7z", back: "M15 4l-8 8 8 8", next: "M9 4l8 8-8 8", last: "M19 4v16M5 5v14l11-7z",
  play: "M7 4v16l13-8z", pause: "M7 5v14M17 5v14",
};

function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon ${name}`);
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(path);
  return drawing;
}

function button(key, action, extra = {}) {
  return make("button", { type: "button", id: `go-${key}`, title: word(key), "aria-label": word(key), on: { click: action }, ...extra }, icon(key));
}

const slider = make("input", {
  type: "range", id: "slider", min: 0, max: last(), step: 1, value: 0, "aria-label": word("slider"),
  on: { input: () => { stop(); goTo(Number(slider.value)); } },
});
const counter = make("output", { id: "counter", for: "slider" });
const playButton = button("play", () => (playing ? stop() : play()));

function controls() {
  return make("section", { id: "controls", "aria-label": word("controls") },
    make("div", { class: "buttons" },
      button("first", () => { stop(); goTo(0); }),
      button("back", () => { stop(); goTo(state.step - 1); }),
      playButton,
      button("next", () => { stop(); goTo(state.step + 1); }, { class: "main" }),
      button("last", () => { stop(); goTo(last()); })),
    make("div", { class: "slide" }, slider, track),
    counter);
}

function play() {
  if (state.step === last()) goTo(0);
  playing = setInterval(() => (state.step === last() ? stop() : goTo(state.step + 1)), PACE);
  showPlaying();
}

function stop() {
  clearInterval(playing);
  playing = 0;
  showPlaying();
}

function showPlaying() {
  playButton.replaceChildren(icon(playing ? "pause" : "play"));
  playButton.title = word(playing ? "pause" : "play");
  playButton.setAttribute("aria-label", playButton.title);
}

const KEYS = {
  ArrowRight: () => goTo(state.step + 1), ArrowLeft: () => goTo(state.step - 1),
  PageDown: () => goTo(state.step + 1), PageUp: () => goTo(state.step - 1),
  Home: () => goTo(0), End: () => goTo(last()), " ": () => (playing ? stop() : play()),
};

function onKey(event) {
  const typing = event.target.closest?.("input:not([type=range]):not([type=checkbox]), select, textarea, [contenteditable]");
  const inTabs = event.target.closest?.("[role=tablist], [data-scrolls]:focus");
  if (typing || inTabs || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest?.("button, summary, a, input")) return;
  const action = KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  if (event.key !== " ") stop();
  action();
}

// The address with which the page was opened; the steps taken since write their own.
const OPENED = location.hash;

function fromAddress(hash = location.hash) {
  const match = /^#(?:(\w+)-)?step-(\d+)$/.exec(hash);
  if (match) goToScale(match[1] ?? state.scale);
  if (match) goTo(Number(match[2]));
  return Boolean(match);
}

function showStep() {
  slider.value = state.step;
  const title = titleOf(stepNow());
  slider.setAttribute("aria-valuetext", title);
  counter.textContent = `${state.step} / ${last()}`;
  for (const [id, off] of [["first", state.step === 0], ["back", state.step === 0], ["next", state.step === last()], ["last", state.step === last()]]) {
    document.getElementById(`go-${id}`).setAttribute("aria-disabled", String(off));
  }
  for (const item of document.querySelectorAll("#step-list a")) {
    const here = Number(item.dataset.step) === state.step;
    item.classList.toggle("here", here);
    item.classList.toggle("later", Number(item.dataset.step) > state.step);
    if (here) item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current");
    if (here && item.offsetParent) {
      const list = document.getElementById("step-list");
      list.scrollTop = item.offsetTop - list.clientHeight / 2;
    }
  }
  try {
    history.replaceState(null, "", `#${hashOf(state.step)}`);
  } catch {
    // A page in a frame without an address of its own has no history to write.
  }
}

const track = make("div", { class: "track", "aria-hidden": "true" },
  make("span", { class: "part forward" }, word("forward")),
  make("span", { class: "part backward" }, word("backward")));

// The steps of this scale: the slider's length, where backward begins, the list.
function measureSteps() {
  const seed = view().steps.findIndex((step) => step.phase === "seed") + 1;
  slider.max = last();
  track.style.gridTemplateColumns = `${((seed - 0.5) / last()) * 100}% 1fr`;
  const list = stepList();
  document.getElementById("step-list").replaceWith(list);
  fill(list);
}

// Remarks about the reading stand above everything: they say what is looked at.
function remarks() {
  return DATA.notes.length ? make("aside", { class: "notes", "aria-label": word("notes") }, DATA.notes.map((note) => make("p", {}, note))) : "";
}

function hashOf(step) {
  return state.scale === DATA.opening ? `step-${step}` : `${state.scale}-step-${step}`;
}

// Which scale is shown: one radio button each, where there are several.
function scaleSwitch() {
  if (DATA.scales.length < 2) return "";
  const choices = DATA.scales.map(({ name }) => make("label", { class: "choice" }, make("input", {
    type: "radio", name: "scale", id: `scale-${name}`, value: name, on: { change: () => { stop(); goToScale(name); } },
  }), " ", word(`scale-${name}`)));
  return make("fieldset", { class: "scales" }, make("legend", {}, word("scale")), choices);
}

function showScale() {
  const radio = document.getElementById(`scale-${state.scale}`);
  if (radio) radio.checked = true;
  document.documentElement.dataset.scale = state.scale;
  measureSteps();
}

// A row a step: its number, and in words and numbers what it finds, from when it is found.
function stepList() {
  const item = (number, phase, row) => make("li", { class: phase },
    make("a", { href: `#${hashOf(number)}`, "data-step": number, on: { click: (event) => { event.preventDefault(); stop(); goTo(number); } } },
      make("span", { class: "nth" }, String(number)), " ", make("span", { class: "row-of" }, row)));
  return make("ol", { id: "step-list", start: 0 },
    item(0, "start", word("only-inputs")),
    view().steps.map((step, i) => item(i + 1, step.phase, listedRow(step))));
}

function listedRow(step) {
  const row = step.row ?? [titleOf(step)];
  const fixed = !row.some((part) => Array.isArray(part));
  if (fixed && state.hidden.size) return titleOf(step);
  return row.map((part) => (Array.isArray(part) ? make("span", { "data-q": part[0], "data-wrap": part.length > 1 }) : part));
}

// Panels in tabs: arrow keys go from tab to tab.
function tabs(panels) {
  const list = make("div", { role: "tablist", "aria-label": word("steps") });
  const open = (key, focus) => {
    for (const [name, panel] of panels) {
      const tab = document.getElementById(`tab-${name}`);
      tab.setAttribute("aria-selected", String(name === key));
      tab.tabIndex = name === key ? 0 : -1;
      panel.hidden = name !== key;
      if (name === key && focus) tab.focus();
    }
    document.documentElement.dataset.panel = key;
    showStep();
  };
  panels.forEach(([name, panel], i) => {
    const move = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: panels.length - 1 };
    list.append(make("button", {
      type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`,
      on: {
        click: () => open(name),
        keydown: (event) => {
          if (!(event.key in move)) return;
          event.preventDefault();
          open(panels[(move[event.key] + panels.length) % panels.length][0], true);
        },
      },
    }, word(name)));
    panel.id = `panel-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    panel.tabIndex = 0;
  });
  return { element: make("section", { id: "panels" }, list, panels.map(([, panel]) => panel)), open };
}

function settings() {
  const select = make("select", { id: "theme" },
    ["auto", "light", "dark", "colour-blind"].map((name) => make("option", { value: name }, word(name))));
  const apply = (name) => {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
  };
  select.value = remembered("theme", document.documentElement.dataset.theme ?? "auto");
  apply(select.value);
  select.addEventListener("change", () => { apply(select.value); remember("theme", select.value); });
  return make("div", { class: "settings" },
    scaleSwitch(),
    make("label", {}, word("theme"), " ", select),
    make("button", { type: "button", id: "print", on: { click: () => window.print() } }, word("print")));
}
