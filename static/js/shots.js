// The photos of a car: steps and small pictures move the strip; without this, swiping, arrow keys and the links do.
for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const strip = gallery.querySelector(".shots-strip"), photos = [...strip.children];
  const links = [...gallery.querySelectorAll(".shots-thumbs a")], steps = [...gallery.querySelectorAll("[data-step]")];
  let at = 0;

  const show = (n) => strip.scrollTo({ left: photos[n].offsetLeft - strip.offsetLeft + (photos[n].offsetWidth - strip.clientWidth) / 2 });
  for (const step of steps) step.addEventListener("click", () => show(Math.min(photos.length - 1, Math.max(0, at + Number(step.dataset.step)))));
  links.forEach((link, n) => link.addEventListener("click", (event) => { event.preventDefault(); show(n); }));

  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) at = photos.indexOf(target);
    links.forEach((link, n) => { if (n === at) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); });
    links[at]?.parentNode.scrollTo({ left: links[at].offsetLeft - links[at].parentNode.offsetLeft - 80 });
    for (const step of steps) step.disabled = !photos[at + Number(step.dataset.step)];
  }, { root: strip, threshold: 0.6 });
  for (const photo of photos) seen.observe(photo);
}
