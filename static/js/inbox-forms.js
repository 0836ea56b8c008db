// Forms of the inbox: sent once, with the version that was seen; dialogs close, sheets come from the server.
import { isWide, openLead, openList } from "./inbox-open.js";

const sheet = document.getElementById("sheet");
const ours = (form) => form instanceof HTMLFormElement && form.hasAttribute("hx-post");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!ours(form)) return;
  if (form.dataset.clientSending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.clientSending = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  // chosen: the keys belong to the page again, answered or not
  (event.submitter?.closest("[popover]") ?? form.querySelector(":popover-open"))?.hidePopover();
  form.closest("dialog:not(#sheet)")?.close();
  const version = form.querySelector("[data-version-now]");
  if (version) version.value = document.querySelector("#lead .lead-head")?.dataset.version ?? "";
}, true);

const underway = new Map();
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ours(ctx.sourceElement)) underway.set(ctx, new Promise((answer) => (ctx.deskAnswer = answer)));
});
document.addEventListener("htmx:finally:request", ({ target, detail: { ctx } }) => {
  release(target);
  ctx.deskAnswer?.(ctx.response?.status < 300);
  underway.delete(ctx);
});
document.addEventListener("htmx:error", ({ target }) => release(target));
// Once all that is on its way is answered, toasts and all: whether the server did it.
export const answered = async () => (await Promise.all(underway.values())).every(Boolean);

function release(form) {
  if (!ours(form)) return;
  delete form.dataset.clientSending;
  for (const busy of [...form.querySelectorAll("[aria-busy]"), ...document.querySelectorAll(`[form="${form.id}"][aria-busy]`)]) busy.removeAttribute("aria-busy");
}

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (!ours(form) || !ctx.response) return;
  const { status, headers } = ctx.response, done = status < 300, to = headers.get("desk-open");
  if (done) form.closest("dialog")?.close();
  if (done && form.closest("[popover]")) form.closest("[popover]").hidePopover();
  if (done && "undo" in form.dataset) form.closest("[data-toast]").remove();
  // what the answer says is said, even if its form has gone meanwhile
  if (ctx.swap === "none" && !form.isConnected) ctx.target = document.body;
  if (done && form.id === "many") { clear(); form.elements.reason.value = ""; }
  if (done) learn(headers.get("desk-version"));
  if (done) document.querySelector("desk-socket")?.hurry?.();
  if (to) go(new URL(to, location.href));
});

// Our own change, ahead of its push; what others changed in between is not ours to know yet.
export function learn(said) {
  const [id, now] = (said ?? "").split(" "), head = document.getElementById(`head-${id}`);
  if (head && +now === +head.dataset.version + 1) head.dataset.version = now;
}

function go(url) {
  const lead = /^\/desk\/inbox\/([0-9a-f-]{36})$/.exec(url.pathname);
  if (!isWide() || document.getElementById("lead") === null) location.assign(url);
  else if (lead) openLead(lead[1]);
  else openList(url.search.slice(1)).then(views);
}

// ---- sheets: a page's form in a dialog

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-sheet]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return void location.assign(link.href);
  document.getElementById("sheet-title").textContent = link.getAttribute("aria-label") ?? link.textContent.trim();
  await htmx.swap({ sourceElement: sheet, target: "#sheet-body", swap: "innerHTML", text: await answer.text() });
  sheet.showModal();
  sheet.querySelector("#sheet-body :is(input:not([type=hidden]), textarea, .menu-item)")?.focus();
});

// ---- a choice in a dialog is walked with the arrows

document.addEventListener("keydown", (event) => {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.isComposing) return;
  const dialog = event.target.closest?.("dialog");
  const items = [...(dialog?.querySelectorAll(".options .menu-item") ?? [])];
  const at = items.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  items.at((at + (event.key === "ArrowDown" ? 1 : -1)) % items.length).focus();
});

// ---- several leads at once

const many = document.getElementById("many"), words = document.querySelector("[data-inbox]").dataset.saysSelected;
export const picked = () => [...document.querySelectorAll('#leads input[name="ids"]:checked')];
let last = null;

export function tell() {
  const n = picked().length;
  if (many) document.getElementById("many-count").textContent = n ? words.replace("{n}", n) : "";
}
export function clear() {
  for (const box of picked()) box.checked = false;
  tell();
}
document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.name === "ids") {
    const all = [...document.querySelectorAll('#leads input[name="ids"]')];
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
    tell();
  } else if (box.closest?.("[data-clear]")) clear();
});
new MutationObserver(tell).observe(document.getElementById("list-scroll"), { childList: true, subtree: true });

// ---- counts of saved views: not in the push, since they differ from person to person

let soon = 0;
async function views() {
  const answer = await fetch(`/desk/inbox/views${location.search}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return;
  await htmx.swap({ sourceElement: document.body, target: "#saved-views", swap: "outerMorph", text: await answer.text() });
}
document.addEventListener("desk:patch", ({ detail }) => {
  if (!detail.t.startsWith("tally:") || document.hidden || document.getElementById("saved-views")?.hidden) return;
  clearTimeout(soon);
  soon = setTimeout(views, 800);
});
