// In a notebook: gives a page's frame the height that the page in it asks for; of any other message nothing is taken.

window.backpropFrames ||= (addEventListener("message", (event) => {
  const height = event.data && event.data.backprop === "height" ? Number(event.data.height) : 0;
  if (!(height > 0)) return;
  for (const frame of document.querySelectorAll("iframe.backprop-frame")) {
    if (frame.contentWindow === event.source) frame.style.height = `${Math.min(Math.max(height, 240), 6000)}px`;
  }
}), true);
