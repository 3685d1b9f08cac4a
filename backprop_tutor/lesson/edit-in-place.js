// An input's number is changed where it stands in the picture: dragged sideways, or stepped with ↑ and ↓ while
// it has the focus, ten times as far with Shift; digits go to its field. Whoever points with a finger scrolls.

const PIXELS_A_STEP = 6;
/** @type {{ place: number, x: number, from: number, moved: boolean } | null} */
let dragged = null;

// The input that an element of the picture shows; -1 where it shows none.
function inputAt(target) {
  const what = target.closest?.("[data-what]")?.dataset.what ?? "";
  const match = /^node-(\d+)$/.exec(what);
  return match && DATA.nodes[match[1]].kind === "input" ? Number(match[1]) : -1;
}

// A number that is some steps of its last digit away, of a tenth at most.
function steppedBy(number, count) {
  const digits = Math.min(12, Math.max(1, String(number).split(".")[1]?.length ?? 0));
  return Number((number + count * 10 ** -digits).toFixed(digits));
}

function setInput(place, number) {
  const field = document.getElementById(`input-${place}`);
  field.value = String(number);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function makeEditable() {
  canvas.addEventListener("pointerover", (event) => {
    if (inputAt(event.target) >= 0) /** @type {Element} */ (event.target).closest("[data-what]")?.classList.add("editable");
  });
  canvas.addEventListener("pointerdown", (event) => {
    const place = inputAt(event.target);
    if (place < 0 || event.pointerType === "touch" || event.button) return;
    dragged = { place, x: event.clientX, from: Number(state.leaves[place].toPrecision(8)), moved: false };
    event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const count = Math.trunc((event.clientX - dragged.x) / PIXELS_A_STEP);
    if (!count && !dragged.moved) return;
    dragged.moved = true;
    const next = steppedBy(dragged.from, count);
    if (next !== state.leaves[dragged.place]) setInput(dragged.place, next);
  });
  document.addEventListener("pointerup", () => {
    if (dragged?.moved) {
      // The click that follows would choose what was dragged.
      const swallow = (event) => event.stopPropagation();
      document.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
    }
    dragged = null;
  });
  canvas.addEventListener("keydown", (event) => {
    const place = inputAt(event.target);
    if (place < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      const count = (event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 10 : 1);
      setInput(place, steppedBy(Number(state.leaves[place].toPrecision(8)), count));
      /** @type {Element} */ (event.target).setAttribute("aria-label", DATA.nodes[place].label + toldOf(`node-${place}`));
      document.getElementById("speech").textContent = DATA.nodes[place].label + toldOf(`node-${place}`);
    } else if (/^[-\d.]$/.test(event.key)) {
      event.preventDefault();
      panels.open("numbers");
      const field = document.getElementById(`input-${place}`);
      field.focus();
      field.value = event.key;
    }
  });
}
