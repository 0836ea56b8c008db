// The photos of a car: steps, small pictures and arrow keys move a strip, a dialog shows it over the whole screen.
// Without this, swiping and the links do.
const figures = document.documentElement.dataset.digits === "urdu" ? "ur-PK-u-nu-arabext" : "en";

function strip(box, started) {
  const list = box.querySelector(".shots-strip"), photos = [...list.children], steps = [...box.querySelectorAll("[data-step]")];
  const count = box.querySelector("[data-at]");
  let at = 0;
  const show = (n, behavior) => {
    const photo = photos[Math.max(0, Math.min(photos.length - 1, n))];
    list.scrollTo({ left: photo.offsetLeft - list.offsetLeft + (photo.offsetWidth - list.clientWidth) / 2, behavior });
  };
  for (const step of steps) step.onclick = () => show(at + Number(step.dataset.step));
  list.onkeydown = (event) => {
    const onward = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const to = { Home: 0, End: photos.length - 1, ArrowLeft: at - 1, ArrowRight: at - 1, [onward]: at + 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  };
  const look = () => {
    at = Math.round(Math.abs(list.scrollLeft) / (list.clientWidth || 1));
    if (count) count.textContent = (at + 1).toLocaleString(figures);
    for (const step of steps) step.disabled = !photos[at + Number(step.dataset.step)];
    started?.(at);
  };
  list.addEventListener("scroll", look, { passive: true });
  look();
  return { show, get at() { return at; } };
}

for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const frame = gallery.querySelector(".shots-frame"), dialog = gallery.querySelector("dialog");
  const links = [...gallery.querySelectorAll(".shots-thumbs a")];
  const here = strip(frame, (at) => {
    links.forEach((link, n) => { if (n === at) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); });
    const bar = links[at]?.parentNode;
    bar?.scrollTo({ left: links[at].offsetLeft - bar.offsetLeft - 80 });
  });
  links.forEach((link, n) => link.addEventListener("click", (event) => { event.preventDefault(); here.show(n); }));

  let whole = null;
  const open = () => {
    const list = dialog.querySelector(".shots-strip");
    if (!whole) {
      for (const photo of frame.querySelectorAll("li")) {
        const copy = photo.cloneNode(true);
        copy.removeAttribute("id");
        copy.replaceChildren(copy.querySelector("picture"));
        for (const source of copy.querySelectorAll("[sizes]")) source.sizes = "100vw";
        list.append(copy);
      }
    }
    dialog.showModal();
    whole ??= strip(dialog);
    whole.show(here.at, "instant");
    list.focus();
  };
  frame.querySelector("[data-full]").onclick = open;
  frame.querySelector(".shots-strip").addEventListener("click", (event) => {
    if (!event.target.closest("a") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  dialog.querySelector("[data-close]").onclick = () => dialog.close();
  dialog.addEventListener("close", () => here.show(whole.at, "instant"));
}
