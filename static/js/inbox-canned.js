// "/" at the start of a reply opens the canned replies, filled in for this lead; typing on narrows them.
import { options, point, show, walk } from "./inbox-options.js";

const LANG = "canned-lang";
const area = () => document.querySelector("#reply-form textarea");
const box = () => document.getElementById("canned");
const shown = () => options(box());
let asked = false, lang = null;

const loading = new WeakMap();
const wanted = () => asked || /^\/\S*$/.test(area()?.value ?? "");

async function load(place) {
  const answer = await fetch(area().dataset.canned, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return void loading.delete(place);
  await htmx.swap({ sourceElement: place, target: place, swap: "innerHTML", text: await answer.text() });
  lang = area().dataset.spoken || localStorage.getItem(LANG) || "en";
}

// What has been typed on meanwhile may want none any more.
async function open() {
  const place = box();
  if (!place) return;
  if (!loading.has(place)) loading.set(place, load(place));
  await loading.get(place);
  if (place !== box() || !place.firstElementChild || !wanted()) return;
  show(area(), place, true);
  narrow();
}

export function close() {
  asked = false;
  if (box() && !box().hidden) show(area(), box(), false);
}

function narrow() {
  const typed = /^\/([^\s]*)$/.exec(area().value)?.[1].toLowerCase() ?? "";
  const all = [...box().querySelectorAll("[role=option]")], words = new Set(all.map((one) => one.dataset.keyWord));
  // a reply not written in the buyer's language shows in one it is written in
  const best = new Map([...words].map((word) => {
    const of = all.filter((one) => one.dataset.keyWord === word);
    return [word, of.find((one) => one.dataset.lang === lang) ?? of[0]];
  }));
  for (const one of all) one.hidden = best.get(one.dataset.keyWord) !== one || !(one.dataset.keyWord.startsWith(typed) || one.dataset.title.toLowerCase().includes(typed));
  for (const button of box().querySelectorAll("[data-canned-lang]")) button.setAttribute("aria-pressed", String(button.dataset.cannedLang === lang));
  box().querySelector(".none").hidden = shown().length > 0;
  point(area(), box(), shown()[0]);
}

function take(option) {
  const field = area(), kept = /^\/\S*$/.test(field.value) ? "" : field.value;
  field.value = kept ? `${kept.trimEnd()}\n${option.dataset.body}` : option.dataset.body;
  close();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const slot = /\{[a-z_]+\}/.exec(field.value);
  if (slot) field.setSelectionRange(slot.index, slot.index + slot[0].length);
}

document.addEventListener("input", ({ target }) => {
  if (target !== area()) return;
  if (/^\/\S*$/.test(target.value)) open();
  else if (!asked) close();
});

document.addEventListener("keydown", (event) => walk(event, area(), box(), take, close), true);

document.addEventListener("click", (event) => {
  const option = event.target.closest?.("#canned [role=option]"), button = event.target.closest?.("[data-canned-lang]");
  if (event.target.closest?.("[data-open-canned]")) {
    if (!box().hidden) return close();
    area().focus();
    asked = true;
    open();
  } else if (option) take(option);
  else if (button) {
    lang = button.dataset.cannedLang;
    localStorage.setItem(LANG, lang);
    area().focus();
    narrow();
  } else if (!event.target.closest?.("#canned, #reply-form textarea")) close();
});
