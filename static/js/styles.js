// The head holds the styles a page begins with; the whole sheet comes as soon as somebody touches anything.
const sheet = document.querySelector('meta[name="styles"]')?.content;
const fetchAll = () => {
  if (!sheet || document.querySelector(`link[href="${sheet}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet }));
};
for (const sign of ["pointerdown", "keydown", "touchstart", "htmx:before:request"]) addEventListener(sign, fetchAll, { once: true, passive: true, capture: true });
