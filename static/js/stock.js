// The list of stock: cars picked for one change, and cells edited where they stand.
const list = () => document.getElementById("stock");
const boxes = () => [...document.querySelectorAll('#stock .pick input')];
const bar = document.querySelector(".pick-bar");
let last = null;

function count() {
  const picked = boxes().filter((box) => box.checked).length;
  if (!bar) return;
  bar.toggleAttribute("data-open", picked > 0);
  bar.querySelector("[data-picked]").textContent = picked.toLocaleString("en");
}

document.addEventListener("click", (event) => {
  const which = event.target.closest("[data-pick]")?.dataset.pick;
  if (which) boxes().forEach((box) => { box.checked = which === "all"; });
  // from the last box to this one, as in any list of files
  if (event.target.matches("#stock .pick input")) {
    const all = boxes(), [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) all.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
    last = event.target;
  }
  count();
});
document.addEventListener("htmx:after:swap", count);
addEventListener("pageshow", count);

// how often each was looked at stands beside the list, for rows that a push brings know nothing of it
function reach() {
  for (const told of document.querySelectorAll("[data-reach]")) {
    const slot = document.getElementById(`reach-${told.dataset.reach}`);
    if (slot && !slot.firstChild) slot.append(told.content.cloneNode(true));
  }
}
for (const name of ["htmx:after:swap", "desk:patch"]) document.addEventListener(name, reach);
reach();

// a cell: its field takes the focus, Escape leaves it as it was, and the focus goes back to where it came from
let back = null;
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const cell = ctx.sourceElement?.closest?.(".cell");
  if (cell) back = cell;
});
document.addEventListener("htmx:after:swap", () => {
  if (!back || back.isConnected) return;  // another swap: a push
  const cell = document.getElementById(back.id);
  back = null;
  if (!cell) return;
  const field = cell.querySelector("[autofocus]");
  (field ?? cell.querySelector(".cell-open"))?.focus();
  field?.select?.();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const cell = event.target.closest?.("[data-cell]");
  if (cell) {
    event.preventDefault();
    cell.querySelector("[data-cell-cancel]").click();
  } else if (!document.querySelector(":popover-open, dialog[open]") && boxes().some((box) => box.checked)) {
    boxes().forEach((box) => { box.checked = false; });
    count();
  }
});
count();
