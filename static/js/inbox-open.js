// Where one is in the inbox: the list beside the lead on a wide screen, pages of their own on a phone.
import { current, extend, inbox, mark, rows } from "./inbox-list.js";

const pane = document.querySelector("[data-inbox]");
const wide = matchMedia("(width >= 64rem)");
const nobody = document.getElementById("no-lead");
const suffix = document.title.replace(/^.* · (?=[^·]* · )/, "");
let reading = null, listing = null;

export const isWide = () => wide.matches;
export const openId = () => document.getElementById("lead")?.dataset.lead ?? null;
const plain = (event) => !(event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
const put = (target, text, swap = "outerHTML") => htmx.swap({ sourceElement: pane, target, swap, text });

async function ask(url, signal) {
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal });
  if (answer.status === 401 || answer.redirected) location.assign("/sign-in");
  return answer;
}

function address(id = openId()) {
  const query = inbox()?.dataset.query;
  return (id ? `/desk/inbox/${id}` : "/desk/inbox") + (query ? `?${query}` : "");
}

export async function openLead(id, { push = true } = {}) {
  mark(document.getElementById(`lead-${id}`));
  if (openId() === id) return;
  reading?.abort();
  const { signal } = (reading = new AbortController());
  try {
    const answer = await ask(`/desk/inbox/${id}/region`, signal);
    if (!answer.ok) return void location.assign(`/desk/inbox/${id}`);
    const text = await answer.text();
    if (signal.aborted) return;
    await put(document.getElementById("lead"), text);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(`/desk/inbox/${id}`);
    return;
  }
  document.body.classList.add("reading");
  document.title = `${document.getElementById("lead-title").textContent} · ${suffix}`;
  if (push) history.pushState({ inbox: true }, "", address(id));
}

async function closeLead() {
  await put(document.getElementById("lead"), nobody.innerHTML);
  document.body.classList.remove("reading");
  document.title = suffix;
  mark(null);
}

export async function openList(query, { push = true } = {}) {
  listing?.abort();
  const { signal } = (listing = new AbortController());
  try {
    const answer = await ask(`/desk/inbox/region?${query}`, signal);
    if (!answer.ok) return void location.assign(`/desk/inbox?${query}`);
    const text = await answer.text();
    if (signal.aborted) return;
    await put(inbox(), text);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(`/desk/inbox?${query}`);
    return;
  }
  document.getElementById("list-scroll").scrollTop = 0;
  mark(document.getElementById(`lead-${openId()}`));
  place(new URLSearchParams(query));
  if (push) history.pushState({ inbox: true }, "", address());
}

// The marked view, and the filters' form, say what the list shows.
function place(asked) {
  const view = asked.get("view") ?? "open", saved = asked.get("saved");
  for (const link of document.querySelectorAll(".views a")) {
    const here = saved ? new URL(link.href).searchParams.get("saved") === saved : link.dataset.view === view;
    here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  const form = document.getElementById("filters");
  form.elements.view.value = view;
  for (const name of ["q", "status", "assignee", "source", "branch"]) {
    const field = form.elements[name];
    if (field && field !== document.activeElement) field.value = asked.get(name) ?? "";
  }
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || !plain(event)) return;
  if (link.dataset.moreFrom) {
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    const answer = await ask(link.dataset.moreFrom);
    return extend(put("#more", await answer.text(), "none"));
  }
  if (!isWide()) return;
  const url = new URL(link.href), lead = /^\/desk\/inbox\/([0-9a-f-]{36})$/.exec(url.pathname);
  if (link.hash || !link.closest(".inbox")) return;
  if (lead) {
    event.preventDefault();
    openLead(lead[1]);
  } else if (url.pathname === "/desk/inbox" && (link.closest(".views") || "list" in link.dataset)) {
    event.preventDefault();
    openList(url.search.slice(1));
  }
});

const filters = document.getElementById("filters");
const asked = () => new URLSearchParams([...new FormData(filters)].filter(([, value]) => value !== ""));
let typing = 0;
filters.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => openList(asked().toString(), { push: false }), 250);
});
filters.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  document.getElementById("filter-menu").hidePopover?.();
  openList(asked().toString());
});

// back and forward are ours here: htmx would fetch the whole page and swap the socket away with it
document.addEventListener("htmx:before:history:restore", (event) => event.preventDefault());
addEventListener("popstate", async () => {
  const lead = /^\/desk\/inbox\/([0-9a-f-]{36})$/.exec(location.pathname), query = location.search.slice(1);
  if (location.hash) return;
  if (query !== inbox()?.dataset.query) await openList(query, { push: false });
  if (lead) openLead(lead[1], { push: false });
  else if (openId()) closeLead();
});

// j and k: on a wide screen the lead follows the eye after a moment
let follow = 0;
export function move(by) {
  const all = rows(), at = all.indexOf(current());
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  if (!next) return;
  mark(next);
  next.querySelector(".lead-link").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  clearTimeout(follow);
  if (isWide()) follow = setTimeout(() => openLead(next.id.slice(5)), 140);
}

// What a key does to a lead it does to the marked one, so that one is opened first.
export async function settle() {
  clearTimeout(follow);
  const row = current();
  if (row && isWide() && openId() !== row.id.slice(5)) await openLead(row.id.slice(5));
  return openId();
}

mark(document.getElementById(`lead-${openId()}`));
