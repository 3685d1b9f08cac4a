// The lesson's program in NumPy, forward and backward; while answers are open the lines of `backward` are blanks.

function listing() {
  const code = make("pre", { class: "listing" }), told = make("p", { class: "quiet" });
  const show = () => {
    const open = state.hidden.size > 0;
    told.textContent = word(open ? "numpy-blank" : "numpy-told");
    code.textContent = (open ? DATA.listing?.blank : DATA.listing?.whole) ?? "";
  };
  whenever("hidden", show);
  show();
  return make("div", {}, told, code);
}
