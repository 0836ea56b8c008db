// A thumb on a row of the list: towards the end of the line claims the lead, back snoozes it until the branch opens
// tomorrow. The same requests as by button and key, with the same Undo.
const START = 12, ENOUGH = 84, STIFF = 0.2;
const rtl = document.documentElement.dir === "rtl" ? -1 : 1;
const OPEN = ["new", "contacted", "qualified", "test_drive", "negotiating"];
let grip = null, swallow = 0;

const may = (row, name) => OPEN.includes(row.dataset.status) && !("archived" in row.dataset) && !("snoozed" in row.dataset) && (name === "snooze" || !row.dataset.assignee);
const parts = (name) => document.getElementById(`swipe-${name}`).content.cloneNode(true);

document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest?.(".inbox.works #leads > .lead");
  if (row && event.pointerType !== "mouse" && event.isPrimary) grip = { row, id: event.pointerId, x: event.clientX, y: event.clientY, name: null, far: 0 };
});

document.addEventListener("pointermove", (event) => {
  if (grip?.id !== event.pointerId) return;
  const dx = event.clientX - grip.x, dy = event.clientY - grip.y;
  if (!grip.moves) {
    if (Math.abs(dy) > START) return void (grip = null);
    if (Math.abs(dx) < START || Math.abs(dx) < 1.5 * Math.abs(dy)) return;
    grip.moves = true;
    grip.row.setPointerCapture(grip.id);
    grip.row.dataset.clientSwiped = "";
  }
  const name = dx * rtl > 0 ? "claim" : "snooze", does = may(grip.row, name);
  if (name !== grip.name || !grip.row.querySelector(":scope > .under")) {
    grip.row.querySelector(":scope > .under")?.remove();
    if (does) grip.row.append(parts(name).querySelector(".under"));
  }
  const was = grip.far >= ENOUGH;
  grip.name = name;
  grip.far = does ? Math.abs(dx) : 0;
  if (grip.far >= ENOUGH && !was) navigator.vibrate?.(10);
  grip.row.toggleAttribute("data-client-enough", grip.far >= ENOUGH);
  grip.row.style.setProperty("--swiped", `${does ? dx : dx * STIFF}px`);
});

addEventListener("pointerup", (event) => {
  if (grip?.id !== event.pointerId) return;
  const { row, name, far, moves } = grip;
  if (moves) swallow = Date.now();
  rest();
  if (moves && far >= ENOUGH) send(row.id.slice(5), name);
});
addEventListener("pointercancel", () => { if (grip) rest(); });
// A swipe is no tap.
addEventListener("click", (event) => {
  if (Date.now() - swallow > 400 || !event.target.closest?.("#leads")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

function rest() {
  const { row } = grip;
  grip = null;
  row.style.removeProperty("--swiped");
  for (const name of ["data-client-swiped", "data-client-enough"]) row.removeAttribute(name);
  row.querySelector(":scope > .under")?.remove();
}

// A form of its own for each, so that one on its way holds up no other.
function send(lead, name) {
  const form = parts(name).querySelector("form");
  for (const where of ["action", "hx-post"]) form.setAttribute(where, `/desk/inbox/${lead}/${name}`);
  document.body.append(form);
  htmx.process(form);
  form.addEventListener("htmx:finally:request", () => form.remove());
  form.requestSubmit();
}
