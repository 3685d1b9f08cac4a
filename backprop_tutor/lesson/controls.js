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
    return JSON.parse(localStorage.getItem(`backprop-tutor:${DATA.id}:${key}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

const SEED = DATA.steps.findIndex((step) => step.phase === "seed") + 1;
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
  type: "range", id: "slider", min: 0, max: LAST, step: 1, value: 0, "aria-label": word("slider"),
  on: { input: () => { stop(); goTo(Number(slider.value)); } },
});
const counter = make("output", { id: "counter", for: "slider" });
const playButton = button("play", () => (playing ? stop() : play()));

function controls() {
  const share = ((SEED - 0.5) / LAST) * 100;
  const track = make("div", { class: "track", "aria-hidden": "true" },
    make("span", { class: "part forward" }, word("forward")),
    make("span", { class: "part backward" }, word("backward")));
  track.style.gridTemplateColumns = `${share}% 1fr`;
  return make("section", { id: "controls", "aria-label": word("controls") },
    make("div", { class: "buttons" },
      button("first", () => { stop(); goTo(0); }),
      button("back", () => { stop(); goTo(state.step - 1); }),
      playButton,
      button("next", () => { stop(); goTo(state.step + 1); }, { class: "main" }),
      button("last", () => { stop(); goTo(LAST); })),
    make("div", { class: "slide" }, slider, track),
    counter);
}

function play() {
  if (state.step === LAST) goTo(0);
  playing = setInterval(() => (state.step === LAST ? stop() : goTo(state.step + 1)), PACE);
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
  Home: () => goTo(0), End: () => goTo(LAST), " ": () => (playing ? stop() : play()),
};

function onKey(event) {
  const typing = event.target.closest?.("input:not([type=range]):not([type=checkbox]), select, textarea, [contenteditable]");
  const inTabs = event.target.closest?.("[role=tablist]");
  if (typing || inTabs || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest?.("button, summary, a, input")) return;
  const action = KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  if (event.key !== " ") stop();
  action();
}

function fromAddress() {
  const match = /^#step-(\d+)$/.exec(location.hash);
  if (match) goTo(Number(match[1]));
  return Boolean(match);
}

function showStep() {
  slider.value = state.step;
  const title = state.step ? DATA.steps[state.step - 1].title : DATA.words.start;
  slider.setAttribute("aria-valuetext", title);
  counter.textContent = `${state.step} / ${LAST}`;
  for (const [id, off] of [["first", state.step === 0], ["back", state.step === 0], ["next", state.step === LAST], ["last", state.step === LAST]]) {
    document.getElementById(`go-${id}`).setAttribute("aria-disabled", String(off));
  }
  for (const item of document.querySelectorAll("#step-list a")) {
    const here = Number(item.dataset.step) === state.step;
    item.classList.toggle("here", here);
    if (here) item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current");
    if (here && item.offsetParent) {
      const list = document.getElementById("step-list");
      list.scrollTop = item.offsetTop - list.clientHeight / 2;
    }
  }
  try {
    history.replaceState(null, "", state.step ? `#step-${state.step}` : "#step-0");
  } catch {
    // A page in a frame without an address of its own has no history to write.
  }
}

function stepList() {
  const item = (number, phase, title) => make("li", { class: phase },
    make("a", { href: `#step-${number}`, "data-step": number, on: { click: (event) => { event.preventDefault(); stop(); goTo(number); } } }, title));
  return make("ol", { id: "step-list", start: 0 },
    item(0, "start", word("only-inputs")),
    DATA.steps.map((step, i) => item(i + 1, step.phase, step.title)));
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
    make("label", {}, word("theme"), " ", select),
    make("button", { type: "button", id: "print", on: { click: () => window.print() } }, word("print")));
}

function zoom(view) {
  let scale = 1;
  const fitted = () => {
    const wide = (canvas.clientWidth || 800) - 2;
    return Math.min(wide / view[2], 1.9);
  };
  const set = (wanted) => {
    scale = Math.max(0.15, Math.min(4, wanted));
    graph.style.width = `${view[2] * scale}px`;
    graph.style.height = `${view[3] * scale}px`;
    follow();
  };
  // Small print does not teach: a wide picture is scrolled rather than shrunk below legibility.
  const fit = () => set(fitted() > (innerWidth < 700 ? 0.45 : 0.62) ? fitted() : 0.62);
  const whole = () => set(fitted());
  let before = 0;
  new ResizeObserver(() => {
    if (canvas.clientWidth === before) return;
    before = canvas.clientWidth;
    fit();
  }).observe(canvas);
  fit();
  return make("div", { class: "zoom" },
    make("button", { type: "button", id: "zoom-out", "aria-label": word("smaller"), title: word("smaller"), on: { click: () => set(scale / 1.25) } }, "−"),
    make("button", { type: "button", id: "zoom-in", "aria-label": word("larger"), title: word("larger"), on: { click: () => set(scale * 1.25) } }, "+"),
    make("button", { type: "button", id: "zoom-fit", on: { click: whole } }, word("fit")));
}
