// Which rows belong to the list that is shown, decided after every push from a row's data-* against the list's data-fit.
// A row that no longer belongs leaves; the current one stays, dimmed, until the reader moves on. Rows older than the last
// one shown wait for "More". Lists of a search or of a time take no new rows: only the
// server knows what belongs there.
const pane = document.querySelector("[data-inbox]");
const box = document.getElementById("list-scroll");
const OPEN = new Set(["new", "contacted", "qualified", "test_drive", "negotiating"]);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export const inbox = () => document.getElementById("inbox");
export const rows = () => [...document.querySelectorAll("#leads > .lead")].filter((row) => !leaving.has(row));
export const current = () => document.querySelector("#leads > .lead[aria-current]");
const leaving = new WeakSet();
let known = new WeakSet(), at = null, oldest = null, above = 0, accepting = false;

function fits({ dataset: row }, filters) {
  const me = pane.dataset.me, archived = "archived" in row, open = OPEN.has(row.status) && !archived, awake = open && !("snoozed" in row);
  const view = {
    mine: awake && row.assignee === me, unassigned: awake && !row.assignee, branchless: awake && !row.branch, call: awake && "call" in row, open: awake, late: awake && "late" in row, soon: awake && "soon" in row, snoozed: open && !awake,
    closed: ["won", "lost"].includes(row.status) && !archived, spam: row.status === "spam" && !archived, archived, all: true,
  }[filters.view];
  const branch = filters.branch === "-" ? "" : filters.branch || row.branch;
  const assignee = { "": row.assignee, me, none: "" }[filters.assignee] ?? filters.assignee;
  return view && assignee === row.assignee && (!filters.status.length || filters.status.includes(row.status))
    && (!filters.source || filters.source === row.source) && branch === row.branch;
}

// What the list is ordered by: the arrival, latest first, or when they are to be called, soonest first.
const by = () => document.getElementById("leads").dataset.by ?? "k";
const beyond = (key, last) => (by() === "k" ? key < last : key > last);

// Which answer of the server a list is: where the feed stood, and what was asked for.
const answered = (list) => list && `${list.dataset.at} ${list.dataset.fit}`;

// The rows as they are are what the server answered with.
function begin() {
  known = new WeakSet(rows());
  at = answered(inbox());
  oldest = document.querySelector("#more[data-more]") ? rows().at(-1)?.dataset[by()] : null;
  above = 0;
  tellAbove();
}

function judge() {
  const list = inbox();
  if (!list) return;
  if (answered(list) !== at || accepting) return void (begin(), rows().forEach(mine));
  const filters = JSON.parse(list.dataset.fit);
  const top = box.getBoundingClientRect().top;
  for (const row of rows()) {
    mine(row);
    const fit = fits(row, filters);
    if (!known.has(row)) {
      if (!fit || filters.q || filters.what || filters.reason || (oldest && beyond(row.dataset[by()], oldest))) { row.remove(); continue; }
      known.add(row);
      row.classList.add("fresh");
      if (box.scrollTop > 8 && row.getBoundingClientRect().top < top + 1) above += 1;
    } else if (fit) delete row.dataset.clientLeaving;
    else if (row.matches("[aria-current]") || row.contains(document.activeElement)) row.dataset.clientLeaving = "";
    else leave(row);
  }
  tellAbove();
  if (rows().length < 8) document.querySelector("#more a[data-more-from]")?.click();
}

function mine(row) {
  const ours = row.dataset.assignee === pane.dataset.me;
  if (ours !== "clientMine" in row.dataset) ours ? (row.dataset.clientMine = "") : delete row.dataset.clientMine;
}

function leave(row) {
  leaving.add(row);
  const end = () => {
    leaving.delete(row);
    if (!row.isConnected || fits(row, JSON.parse(inbox().dataset.fit))) return;
    row.remove();
  };
  if (calm.matches || document.hidden) return end();
  row.animate([{ blockSize: `${row.offsetHeight}px`, opacity: 1, overflow: "clip" }, { blockSize: 0, opacity: 0, overflow: "clip" }], { duration: 180, easing: "ease" }).finished.then(end, end);
}

function tellAbove() {
  const pill = document.getElementById("new-above");
  pill.hidden = !above;
  if (above) pill.querySelector("span").textContent = pane.dataset.saysAbove.replace("{n}", above);
}

// The row under the reader's eye; the one left behind goes if it no longer belongs.
export function mark(row) {
  for (const old of document.querySelectorAll("#leads > .lead[aria-current]")) if (old !== row) old.removeAttribute("aria-current");
  row?.setAttribute("aria-current", "true");
  queueMicrotask(judge);
}

// Take in rows the server adds below (a promise of it), without holding them against the last one shown.
export async function extend(work) {
  accepting = true;
  try { await work; } finally {
    watcher.takeRecords();
    begin();
    accepting = false;
    rows().forEach(mine);
  }
}

const watcher = new MutationObserver(judge);
watcher.observe(box, {
  subtree: true, childList: true, attributes: true,
  attributeFilter: ["data-status", "data-assignee", "data-snoozed", "data-archived", "data-late", "data-soon", "data-call", "data-k", "data-at", "data-fit", "data-branch"],
});
box.addEventListener("scroll", () => { if (above && box.scrollTop < 8) { above = 0; tellAbove(); } }, { passive: true });
document.getElementById("new-above").addEventListener("click", () => {
  above = 0;
  tellAbove();
  box.scrollTo({ top: 0, behavior: calm.matches ? "auto" : "smooth" });
});
document.addEventListener("focusout", () => queueMicrotask(judge));
begin();
rows().forEach(mine);
