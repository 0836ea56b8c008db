// The composer: what is typed is kept until it is sent or its writer signs out, and no push ever touches it.
import { keep, kept } from "./drafts.js";

const pane = document.querySelector("[data-inbox]");
const SLOT = /\{(name|car|make|model|year|price|km|city|branch|branch_phone|agent|link)\}/g;
const place = (area) => `draft:${pane.dataset.me}:${area.dataset.keepDraft}`;
const lastEntry = () => [...document.querySelectorAll("#lead .timeline > li")].at(-1)?.id.slice(6) ?? "";
const fresh = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");

function dress(root = document) {
  for (const area of root.querySelectorAll("textarea[data-keep-draft]")) {
    if (area.dataset.clientReady) continue;
    area.dataset.clientReady = "1";
    const draft = kept(place(area));
    if (draft && !area.value) {
      area.value = draft.text;
      if (area.form.elements.after) area.form.elements.after.value = draft.after;
      if (area.form.elements.mentions) area.form.elements.mentions.value = draft.mentions ?? "";
    }
    look(area);
    const box = document.querySelector("#lead .timeline-box"), meant = box?.querySelector(":target");
    if (meant) meant.scrollIntoView({ block: "center" });
    else if (box) box.scrollTop = box.scrollHeight;
  }
}

document.addEventListener("input", ({ target: area }) => {
  if (!area.dataset?.keepDraft) return;
  const { after, mentions, _idempotency_key: key } = area.form.elements;
  // what had been answered when the writing began is what the writer knew
  if (after && !kept(place(area))?.text) after.value = lastEntry();
  // another text is another message, even if the last try did arrive
  if (area.dataset.clientTried !== undefined && area.dataset.clientTried !== area.value) {
    key.value = fresh();
    delete area.dataset.clientTried;
  }
  keep(place(area), area.value && { text: area.value, after: after?.value ?? "", mentions: mentions?.value ?? "" });
  look(area);
});

// variables nobody has filled in are marked, and hold the message back
function look(area) {
  const form = area.form, mirror = form.querySelector(".mirror");
  if (!mirror) return;
  const left = [...new Set(area.value.match(SLOT) ?? [])];
  mirror.replaceChildren(...area.value.split(SLOT).map((part, i) => (i % 2 ? Object.assign(document.createElement("mark"), { textContent: `{${part}}` }) : part)), "\n");
  mirror.dir = getComputedStyle(area).direction;
  const line = form.querySelector(".unfilled");
  line.hidden = !left.length;
  line.textContent = left.length ? `${pane.dataset.saysFill} ${left.join(" ")}` : "";
  form.querySelector("[data-send]").setAttribute("aria-disabled", String(left.length > 0));
}

document.addEventListener("scroll", ({ target }) => {
  const mirror = target.dataset?.keepDraft && target.form?.querySelector(".mirror");
  if (mirror) mirror.scrollTop = target.scrollTop;
}, true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  const area = form.querySelector?.("textarea[data-keep-draft]");
  if (!area) return;
  // a slot nobody filled in, or the name of a canned reply there is not: that is no answer to a buyer
  const slot = form.id === "reply-form" ? /^\s*\/\S*\s*$/.exec(area.value) ?? new RegExp(SLOT.source).exec(area.value) : null;
  if (slot) {
    event.preventDefault();
    event.stopImmediatePropagation();
    area.focus();
    area.setSelectionRange(slot.index, slot.index + slot[0].length);
    return;
  }
  area.dataset.clientTried = area.value;
}, true);

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement, area = form instanceof HTMLFormElement && form.querySelector("textarea[data-keep-draft]");
  if (!area || !ctx.response || ctx.response.status >= 300) return;
  // typed on while it was on its way: that is the next message's beginning
  if (area.value === area.dataset.clientTried) area.value = "";
  delete area.dataset.clientTried;
  form.elements._idempotency_key.value = fresh();
  document.getElementById("told").replaceChildren();
  keep(place(area), null);
  if (area.value) area.dispatchEvent(new Event("input", { bubbles: true }));
  look(area);
  toEnd = true;
});

// the end of the timeline stays in sight for whoever is there
let toEnd = false;
document.addEventListener("desk:patch", () => {
  const box = document.querySelector("#lead .timeline-box");
  if (!box) return;
  const near = box.scrollHeight - box.scrollTop - box.clientHeight < 160;
  if (near || toEnd) box.scrollTop = box.scrollHeight;
  toEnd = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing && event.target.dataset?.keepDraft) {
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("[data-send]"));
  }
});

document.addEventListener("htmx:after:swap", () => dress());
dress();

export function write(kind) {
  const radio = document.getElementById(`write-${kind}`);
  if (!radio) return;
  radio.checked = true;
  document.querySelector(`#${kind}-form textarea`)?.focus();
}
document.addEventListener("change", ({ target }) => { if (target.name === "write-mode") document.querySelector(`#${target.value}-form textarea`)?.focus(); });
