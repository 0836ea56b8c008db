// "@" in a note opens the colleagues who may see the lead; typing on narrows them. Who was picked is sent by id, as long
// as the text still says the name.
import { options, point, show, walk } from "./inbox-options.js";

const area = () => document.querySelector("#note-form textarea");
const box = () => document.getElementById("colleagues");
const me = () => document.querySelector("[data-inbox]").dataset.me;
const BEGUN = /(?<![\p{L}\p{N}_])@([\p{L}\p{M}\p{N}_'.-]*(?: [\p{L}\p{M}\p{N}_'.-]+)?)$/u;
const SAME = { "ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ" };
const plain = (text) => text.toLowerCase().replace(/[يىكه]/g, (letter) => SAME[letter]);
const begun = () => (area() && area().selectionStart === area().selectionEnd ? BEGUN.exec(area().value.slice(0, area().selectionStart)) : null);
const loading = new WeakMap();
let dropped = -1;  // where the @ stands whose list was closed: it stays closed

async function load(place) {
  const answer = await fetch(area().dataset.colleagues, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return void loading.delete(place);
  await htmx.swap({ sourceElement: place, target: place, swap: "innerHTML", text: await answer.text() });
}

// What has been typed on meanwhile may want none any more.
async function open() {
  const place = box();
  if (!place) return;
  if (!loading.has(place)) loading.set(place, load(place));
  await loading.get(place);
  const found = begun();
  if (place !== box() || !place.firstElementChild || !found || found.index === dropped) return;
  show(area(), place, true);
  narrow(plain(found[1]), found[1].includes(" "));
}

function narrow(typed, whole) {
  for (const one of box().querySelectorAll("[role=option]")) {
    const name = plain(one.dataset.name);
    one.hidden = !(name.startsWith(typed) || name.split(/\s+/).some((word) => word.startsWith(typed)));
  }
  const left = options(box());
  box().querySelector(".none").hidden = left.length > 0;
  // a sentence that goes on after the @ is no search any more
  if (!left.length && whole) return show(area(), box(), false);
  point(area(), box(), left[0]);
}

function close() {
  if (!box() || box().hidden) return;
  dropped = begun()?.index ?? -1;
  show(area(), box(), false);
}

function take(option) {
  const field = area(), found = begun(), picked = field.form.elements.mentions;
  if (!found) return close();
  const { person, name } = option.dataset, ids = picked.value.split(" ").filter(Boolean);
  picked.value = [...new Set([...ids, person])].join(" ");
  show(field, box(), false);
  field.focus();
  field.setRangeText(`@${name} `, found.index, field.selectionStart, "end");
  dropped = found.index;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Before anything is kept or sent: whoever is not named any more is not meant.
function settle(field) {
  const picked = field.form.elements.mentions;
  if (!field.value) picked.value = "";
  if (!picked.value || !box()) return;
  if (!box().firstElementChild) return void (loading.has(box()) || loading.set(box(), load(box())));
  const name = (id) => document.getElementById(`colleague-${id}`)?.dataset.name;
  picked.value = picked.value.split(" ").filter((id) => field.value.includes(`@${name(id)}`)).join(" ");
}

document.addEventListener("input", ({ target }) => {
  if (target !== area()) return;
  settle(target);
  const found = begun();
  if (!found || found.index !== dropped) dropped = -1;
  if (found && dropped < 0) open(); else if (box() && !box().hidden) show(target, box(), false);
}, true);
document.addEventListener("keydown", (event) => walk(event, area(), box(), take, close), true);
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx?.sourceElement?.id === "note-form" && ctx.response?.status < 300) settle(area());
});

document.addEventListener("pointerdown", (event) => { if (event.target.closest?.("#colleagues")) event.preventDefault(); });
document.addEventListener("click", ({ target }) => {
  const option = target.closest?.("#colleagues [role=option]");
  if (option) take(option);
  else if (target.closest?.("[data-open-colleagues]")) {
    const field = area(), before = field.value.slice(0, field.selectionStart);
    field.focus();
    field.setRangeText(`${/[^\s(]$/.test(before) ? " " : ""}@`, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (!target.closest?.("#colleagues, #note-form textarea")) close();
});

// One's own name stands out: a push is the same for everybody.
function mine() {
  for (const one of document.querySelectorAll("#lead .named:not([data-client-me])")) if (one.dataset.named === me()) one.dataset.clientMe = "";
}
for (const name of ["htmx:after:swap", "desk:patch"]) document.addEventListener(name, mine);
mine();
