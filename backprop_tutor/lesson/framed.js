// In a frame of another page, as in a notebook's cell: the frame is told how tall the page is, so that it grows
// with it and nothing scrolls twice. Heights then depend on the content alone, never on the frame's.

function tellHeight() {
  const { body } = document;
  const tall = Math.ceil(body.getBoundingClientRect().height);
  if (tall > 0) parent.postMessage({ backprop: "height", height: tall + 4 }, "*");
}

function startFramed() {
  const root = document.documentElement;
  if (parent === window || root.dataset.frame) return;
  root.dataset.framed = "";
  new ResizeObserver(tellHeight).observe(document.body);
  tellHeight();
}
