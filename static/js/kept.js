// What stays on this device and is sent to nobody: the shortlist, what was looked at, what is to be compared.
// {number, price when it was kept}, the latest first. A private window keeps nothing.
const MOST = { short: 60, seen: 12, pick: 4 };
const read = (name) => { try { return JSON.parse(localStorage.getItem(`cars:${name}`)) ?? []; } catch { return []; } };
const write = (name, cars) => { try { localStorage.setItem(`cars:${name}`, JSON.stringify(cars.slice(0, MOST[name]))); } catch {} };
const has = (name, n) => read(name).some((car) => car.n === n);
const without = (name, n) => read(name).filter((car) => car.n !== n);
const put = (name, n, p) => write(name, [{ n, p: Number(p) || 0 }, ...without(name, n)]);
const toggle = (name, n, p) => has(name, n) ? write(name, without(name, n)) : put(name, n, p);
const asked = (name) => read(name).map(({ n, p }) => (p ? `${n}-${p}` : n)).join(",");
const home = document.documentElement.lang === "ur" ? "/ur" : "";

function show() {
  const picked = read("pick").map(({ n }) => n);
  for (const heart of document.querySelectorAll("[data-heart]")) heart.setAttribute("aria-pressed", has("short", heart.dataset.heart));
  for (const box of document.querySelectorAll("input[name=ids]")) {
    box.checked = picked.includes(box.value);
    box.disabled = !box.checked && picked.length >= MOST.pick;
  }
  for (const link of document.querySelectorAll("[data-compare]")) {
    const n = link.dataset.compare;
    link.href = `${home}/compare?ids=${[...picked.filter((one) => one !== n).slice(0, MOST.pick - 1), n].join(",")}`;
  }
  for (const [name, n] of [["kept", read("short").length], ["pick", picked.length]]) for (const count of document.querySelectorAll(`[data-${name}-count]`)) {
    count.textContent = n || "";
    count.hidden = !n;
  }
}

addEventListener("click", ({ target }) => {
  const [heart, link, drop, none] = ["heart", "compare", "drop", "unpick"].map((name) => target.closest(`[data-${name}]`));
  if (heart) toggle("short", heart.dataset.heart, heart.dataset.price);
  if (link) put("pick", link.dataset.compare);
  if (drop) write("pick", without("pick", drop.dataset.drop));
  if (none) write("pick", []);
  if (heart || none) show();
});

// ticked on other pages: they go along
addEventListener("formdata", ({ target, formData }) => {
  if (target.id === "compare") for (const { n } of read("pick")) if (!formData.getAll("ids").includes(n)) formData.append("ids", n);
});
addEventListener("change", ({ target }) => {
  if (target.name !== "ids") return;
  if (target.checked) put("pick", target.value); else write("pick", without("pick", target.value));
  show();
});

const car = document.querySelector("article[data-car]");
if (car) put("seen", car.dataset.car, car.dataset.price);

// regions that show what is kept, as it is now
for (const region of document.querySelectorAll("[data-kept]")) {
  const name = region.dataset.kept, cars = asked(name);
  if (!cars) continue;
  fetch(`${home}/kept?cars=${cars}&show=${name}`).then((answer) => answer.ok ? answer.text() : Promise.reject(answer.status)).then((text) => {
    dispatchEvent(new Event("htmx:before:request"));  // with all styles: the head has those of the page as it came
    region.innerHTML = text;
    region.hidden = false;
    show();
  }, () => delete document.documentElement.dataset.holds);
}

addEventListener("htmx:after:swap", show);
addEventListener("pageshow", show);
show();
