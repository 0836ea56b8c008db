// How many leads each view holds, on every page of the desk: #tally arrives by push, [data-count] shows it.
const mine = () => document.querySelector("[data-me]")?.dataset.me;

export function count() {
  const tally = document.getElementById("tally");
  if (!tally?.firstElementChild) return;
  const value = (selector) => Number(tally.querySelector(selector)?.value ?? 0);
  for (const slot of document.querySelectorAll("[data-count]")) {
    const view = slot.dataset.count;
    const number = value(view === "mine" ? `[data-person="${mine()}"]` : `[data-view="${view}"]`);
    const words = number.toLocaleString("en");
    if (slot.textContent !== words) slot.textContent = words;
    slot.hidden = slot.closest(".views") ? false : !number;
    const wanted = slot.closest("[data-if-any]");
    if (wanted) wanted.hidden = !number && !wanted.hasAttribute("aria-current");
  }
}

document.addEventListener("htmx:after:swap", count);
document.addEventListener("desk:patch", count);
count();
