// Single keys of the inbox; dead while somebody types, in dialogs, with modifiers, in an input method, and by a switch.
import { current } from "./inbox-list.js";
import { move, openLead, settle } from "./inbox-open.js";
import { answered, clear, picked, tell } from "./inbox-forms.js";
import { write } from "./inbox-write.js";

const OFF = "keys-off", GO = { i: "/desk/inbox", m: "/desk/members", b: "/desk/branches", d: "/desk/board", c: "/desk/inbox?view=call" };
const MANY = { a: "many-assign", h: "many-snooze", e: "many-status" };
const typing = (element) => element.closest?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]");
let going = 0;

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]") || target.closest?.(":popover-open")) return;
  if (typing(target)) {
    if (key === "Escape") leave(target);
    return;
  }
  if (localStorage.getItem(OFF) && key !== "?") return;
  if (Date.now() - going < 1200 && GO[key]) return void location.assign(GO[key]);
  going = key === "g" ? Date.now() : 0;
  const act = KEYS[key];
  if (!act || (key === "Enter" && target.closest?.("a, button, summary"))) return;
  event.preventDefault();
  act(key);
});

// An emptied search shows everything again: browsers empty the field without a word.
function leave(field) {
  if (field.id === "q" && field.value) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.blur();
}

const onLead = async (key) => {
  if (MANY[key] && picked().length) {
    document.querySelector(`[popovertarget="${MANY[key]}"]`)?.click();  // by its button, above which it opens
    return void document.querySelector(`#${MANY[key]} .menu-item`)?.focus();
  }
  await settle();
  const button = document.querySelector(`#lead [data-key="${key}"]`);
  if (button?.checkVisibility()) button.click();
};
const onWriting = (kind) => async () => { if (await settle()) write(kind); };
// What was just sent is what is meant, not what an older toast still offers; had it been refused, nothing is.
const undo = async () => { if (await answered()) [...document.querySelectorAll("#toasts [data-undo]")].at(-1)?.requestSubmit(); };
const open = async () => {
  const row = current();
  if (!row) return;
  await openLead(row.id.slice(5));
  document.querySelector("#lead .timeline-box")?.focus();
};

const KEYS = {
  j: () => move(1), k: () => move(-1), o: open, Enter: open,
  c: onLead, a: onLead, h: onLead, p: onLead, e: onLead, r: onWriting("reply"), n: onWriting("note"),
  x: () => {
    const box = current()?.querySelector('input[name="ids"]');
    if (box) box.checked = !box.checked;
    tell();
  },
  u: undo,
  "/": () => document.getElementById("q").focus(),
  "?": () => document.getElementById("keys").showModal(),
  Escape: clear,
};

const toggle = document.getElementById("keys-on");
toggle.checked = !localStorage.getItem(OFF);
toggle.addEventListener("change", () => (toggle.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
