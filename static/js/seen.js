// Which cars were looked at, told without a name or a cookie; a page that is only got ready tells nothing.
const token = document.querySelector('meta[name="csrf-token"]')?.content;
const number = (card) => Number(/\/l\/(\d+)/.exec(card.querySelector('a[href*="/l/"]')?.href)?.[1]);
let told = {}, timer = 0;
const known = new Set();

const tell = () => {
  clearTimeout(timer);
  if (!Object.keys(told).length) return;
  const body = JSON.stringify(told);
  told = {};
  fetch("/seen", { method: "POST", keepalive: true, body, headers: { "content-type": "application/json", ...(token && { "x-csrf-token": token }) } }).catch(() => {});
};
const note = (name, value) => {
  if (Array.isArray(told[name]) && told[name].length >= 40) tell();
  told[name] = value === undefined ? true : name === "view" ? value : [...(told[name] ?? []), value];
  clearTimeout(timer);
  timer = setTimeout(tell, 2000);
};
const watch = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watch.unobserve(target);
    const n = number(target);
    if (n && !known.has(n)) { known.add(n); note("shown", n); }
  }
}, { threshold: .5 });
const look = () => document.querySelectorAll(".car-card").forEach((card) => watch.observe(card));

const begin = () => {
  const car = Number(document.querySelector("[data-car]")?.dataset.car);
  if (car) {
    note("view", car);
    if (new URLSearchParams(location.search).get("from") === "card") note("card");
  }
  look();
};
if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
else begin();
document.addEventListener("htmx:after:swap", look);
document.addEventListener("click", ({ target }) => {
  const card = target.closest?.(".car-card a")?.closest(".car-card");
  if (card && number(card)) note("opened", number(card));
});
document.addEventListener("change", ({ target }) => { if (target.form?.id === "filters" && target.name) note("filters", target.name); });
addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") tell(); });
addEventListener("pagehide", tell);
