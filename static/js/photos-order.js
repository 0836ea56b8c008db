// The order of photos: dragged with the mouse, by its hand on a touch screen, or moved with the arrow keys on the hand.
import { ask, card, path, refresh, says } from "./photos-api.js";
import { number } from "./words.js";

const FAR = 6;
const rows = () => [...document.querySelectorAll("#photos > .photos > [data-photo]")];
let lifted = null, from = null, before = "";

const order = () => rows().map((row) => row.dataset.photo);

async function save(was) {
  const now = order();
  if (now.join() === was) return;
  try { await ask("PATCH", path, { order: now }); } catch { await refresh(); }
}

document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest?.("#photos > .photos > [data-photo]"), grip = event.target.closest?.("[data-grip]");
  if (!row || event.button || !(grip || (event.pointerType === "mouse" && event.target.closest(".car-photo")))) return;
  from = { row, x: event.clientX, y: event.clientY };
});

document.addEventListener("pointermove", (event) => {
  if (from && !lifted && Math.hypot(event.clientX - from.x, event.clientY - from.y) > FAR) {
    [lifted, before] = [from.row, order().join()];
    lifted.classList.add("lifted");
    document.body.classList.add("sorting");
  }
  if (!lifted) return;
  event.preventDefault();
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("#photos > .photos > [data-photo]");
  if (!over || over === lifted) return;
  const all = rows();
  if (all.indexOf(over) > all.indexOf(lifted)) over.after(lifted); else over.before(lifted);
});

for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => {
    from = null;
    if (!lifted) return;
    lifted.classList.remove("lifted");
    document.body.classList.remove("sorting");
    lifted = null;
    save(before);
  });
}
// the browser's own dragging of pictures would take over
card.addEventListener("dragstart", (event) => { if (event.target.closest("#photos")) event.preventDefault(); });

const onward = () => (document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight");
document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip || !["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const row = grip.closest("[data-photo]"), all = rows(), at = all.indexOf(row), was = order().join();
  const by = event.key === onward() || event.key === "ArrowDown" ? 1 : -1;
  const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : at + by;
  if (to < 0 || to >= all.length || to === at) return;
  if (to > at) all[to].after(row); else all[to].before(row);
  grip.focus();
  document.getElementById("say").textContent = says("Moved", { n: number(to + 1), count: number(all.length) });
  save(was);
});
