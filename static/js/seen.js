// Which cars were looked at, told without a name or a cookie; a page that is only got ready tells nothing.
const token = document.querySelector('meta[name="csrf-token"]')?.content;
const number = (card) => Number(/\/l\/(\d+)/.exec(card?.querySelector('a[href*="/l/"]')?.href)?.[1]);
const known = new Set;
let told = {}, timer;

const tell = () => {
  clearTimeout(timer);
  const body = JSON.stringify(told);
  if (body === "{}") return;
  told = {};
  fetch("/seen", { method: "POST", keepalive: true, body, headers: { "content-type": "application/json", "x-csrf-token": token } }).catch(() => {});
};
const note = (name, value) => {
  told[name] = [...(told[name] ?? []), value];
  clearTimeout(timer);
  timer = setTimeout(tell, 2e3);
};
const watch = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    const n = isIntersecting && number(target);
    if (!n) continue;
    watch.unobserve(target);
    if (!known.has(n)) note("shown", n);
    known.add(n);
  }
}, { threshold: .5 });
const look = () => document.querySelectorAll(".car-card").forEach((card) => watch.observe(card));
const begin = () => {
  const car = Number(document.querySelector("[data-car]")?.dataset.car);
  if (car) note(new URLSearchParams(location.search).get("from") === "card" ? "card" : "view", car);
  look();
};
if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
else begin();
addEventListener("htmx:after:swap", look);
addEventListener("click", ({ target }) => {
  const n = number(target.closest?.(".car-card a")?.closest(".car-card"));
  if (n) note("opened", n);
});
addEventListener("change", ({ target }) => target.form?.id === "filters" && target.name && note("filters", target.name));
document.addEventListener("visibilitychange", () => document.hidden && tell());
