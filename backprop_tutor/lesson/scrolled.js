// Formulas that are wider than their place scroll in boxes of their own. Those boxes take the keyboard's focus, so
// that their ends are reached with the arrow keys; a box that does not scroll is no stop on the way.

const SCROLLED = ".chain, .equations, .program-lines > div, .part-head > *, .inputs label, .listing, .sum, p, h3, .paths li";

function reachScrolled() {
  for (const box of document.querySelectorAll(SCROLLED)) {
    if (!(box instanceof HTMLElement)) continue;
    const scrolls = box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 1 && getComputedStyle(box).overflowX === "auto";
    if (scrolls === box.hasAttribute("data-scrolls")) continue;
    box.toggleAttribute("data-scrolls", scrolls);
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

function startScrolled() {
  let due = 0;
  const soon = () => { due ||= requestAnimationFrame(() => { due = 0; reachScrolled(); }); };
  new MutationObserver(soon).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "open"] });
  addEventListener("resize", soon);
  soon();
}
