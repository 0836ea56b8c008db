// How pushed fragments reach the page: upsert of rows by id and order, and a list that stays where the eye left it.
let morph = null;

// Client-owned attributes survive every morph.
htmx.config.morphIgnore.push("aria-current", "data-client", "open");

htmx.registerExtension("live-row", {
  init: (internals) => { morph = internals.morph; },
  // hx-swap="row": each fragment is morphed if its id is on the page, else inserted by its data-k: greatest first, or
  // least first in a list with data-order="asc"; a list with data-by="call" goes by data-call instead. Keys are numbers, or texts that sort (an ISO time).
  handle_swap(style, list, fragment) {
    if (style !== "row") return false;
    return [...fragment.children].map((fresh) => upsert(list, fresh)).filter(Boolean);
  },
});

function upsert(list, fresh) {
  const by = list.dataset.by ?? "k", key = fresh.dataset[by], id = fresh.id, old = document.getElementById(id);
  if (!old) {
    if ("closed" in list.dataset) return null;  // a list of a search: only the server knows what belongs there
    list.insertBefore(fresh, placeFor(list, key, null));
    return fresh;
  }
  const moved = old.dataset[by] !== key || old.parentNode !== list;
  const holder = document.createDocumentFragment();
  holder.append(fresh);
  morph(old, holder, false);
  const row = document.getElementById(id);
  if (moved) {
    const before = placeFor(list, key, row);
    // moveBefore keeps focus, selection and running media; insertBefore does not.
    if (list.moveBefore) list.moveBefore(row, before); else list.insertBefore(row, before);
  }
  return row;
}

function placeFor(list, key, except) {
  const sign = list.dataset.order === "asc" ? -1 : 1, by = list.dataset.by ?? "k";
  return [...list.children].find((row) => row !== except && sign * compare(row.dataset[by], key) < 0) ?? null;
}

function compare(a, b) {
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? (a < b ? -1 : Number(a > b)) : difference;
}

// Swap `text` in, and leave the current row (or the first visible one) of a scrolled [data-keep] box where it was.
export async function swap(source, spec) {
  const box = document.querySelector("[data-keep]");
  const row = box && (box.querySelector("[aria-current]") ?? (box.scrollTop > 0 ? firstVisible(box) : null));
  const before = row?.getBoundingClientRect().top;
  await htmx.swap({ sourceElement: source, ...spec });
  if (row?.isConnected) box.scrollTop += row.getBoundingClientRect().top - before;
}

function firstVisible(box) {
  const top = box.getBoundingClientRect().top;
  return [...box.querySelectorAll("[data-k]")].find((row) => row.getBoundingClientRect().bottom > top);
}
