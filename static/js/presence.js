// Colleagues: who has which lead open, who is writing, and a question before two of them answer one buyer.
//   <span class="here" data-here="LEAD"></span> shows them, <div id="typing-LEAD"></div> says who writes,
//   #lead[data-lead] is what this tab has open, #reply-form is where one writes.
import { say } from "./live-say.js";
import { number, said } from "./words.js";

const MOST = 3, TYPES_FOR = 8_000, LINGERS = 1_500, HIDDEN_IS_AWAY = 60_000;
const socket = () => document.querySelector("desk-socket");
const me = () => socket()?.getAttribute("scope").split(".")[0];
const open = () => document.querySelector("#lead[data-lead]")?.dataset.lead ?? null;
const people = new Map();     // lead → [{id, name, typing}], without oneself
const lingering = new Map();  // who has just gone: a page that is loaded again is no departure
let newest = -1;

// ---- hearing

document.addEventListener("desk:here", ({ detail: { leads, n, whole } }) => {
  if (!whole && n <= newest) return;
  newest = n;
  if (whole) for (const lead of people.keys()) if (!(lead in leads)) hear(lead, []);
  for (const [lead, all] of Object.entries(leads)) hear(lead, all.filter((one) => one.id !== me()));
  render();
});

function hear(lead, now) {
  for (const one of now) lingering.delete(`${lead} ${one.id}`);
  for (const one of people.get(lead) ?? []) {
    if (now.some((other) => other.id === one.id)) continue;
    lingering.set(`${lead} ${one.id}`, { lead, one: { ...one, typing: false } });
    setTimeout(() => lingering.delete(`${lead} ${one.id}`) && render(), LINGERS);
  }
  if (now.length) people.set(lead, now); else people.delete(lead);
}

const typing = (lead) => (people.get(lead) ?? []).filter((one) => one.typing);
const shown = (lead) => [...(people.get(lead) ?? []), ...[...lingering.values()].filter((one) => one.lead === lead).map(({ one }) => one)];

// ---- showing, again after every swap: a morph empties what the server does not know of

function render() {
  for (const slot of document.querySelectorAll("[data-here]")) dress(slot, shown(slot.dataset.here));
  const lead = open();
  if (lead) strip(lead, typing(lead));
}

function dress(slot, all) {
  const look = JSON.stringify(all);
  if (slot.dataset.client === look && slot.childElementCount === (all.length ? 1 : 0)) return;
  slot.dataset.client = look;
  if (!all.length) return slot.replaceChildren();
  const group = element("span", "onlookers", { role: "img", title: names(all), "aria-label": names(all) });
  const most = slot.closest("li") ? 1 : MOST;
  group.append(...all.slice(0, most).map(avatar));
  if (all.length > most) group.append(element("span", "more", {}, `+${number(all.length - most)}`));
  slot.replaceChildren(group);
}

const names = (all) => all.map((one) => said(one.typing ? "saysTyping" : "saysViewing", { name: one.name })).join(" · ");

// As templates/ui/show.html does it.
function avatar({ name, typing: writes }) {
  const letters = [...name], words = name.split(/\s+/).filter(Boolean), plain = /^[\x00-\x7f]/.test(name);
  const initials = plain ? (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase() : letters[0] ?? "?";
  const hue = letters.reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 8;
  return element("span", `avatar xs h${hue}${plain ? "" : " ur"}${writes ? " typing" : ""}`, { "aria-hidden": "true" }, initials);
}

function element(tag, className, attributes, text = "") {
  const made = Object.assign(document.createElement(tag), { className, textContent: text });
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function strip(lead, writers) {
  const place = document.getElementById(`typing-${lead}`);
  const look = writers.map((one) => one.name).join("\n");
  if (question?.lead === lead && writers.length) return pose(place);
  if (question) withdraw();
  const before = place?.dataset.client ?? "";
  if (!place || before === look) return;
  place.dataset.client = look;
  place.classList.add("typing-strip");
  place.classList.remove("asks");
  if (!writers.length) return place.replaceChildren();
  const words = writers.map((one) => said("saysTyping", { name: one.name })).join(" · ");
  place.replaceChildren(element("i", "dots", { "aria-hidden": "true" }), element("span", "", {}, words));
  if (before !== "asked") say(words);
}

for (const name of ["htmx:after:swap", "desk:patch", "desk:reset"]) document.addEventListener(name, () => { render(); tell(); join(); });

// ---- telling

let typedAt = 0, quiet = 0, told = "", hiddenAt = 0;

function tell() {
  const lead = open(), away = document.hidden && Date.now() - hiddenAt >= HIDDEN_IS_AWAY;
  const leads = lead && !away ? { [lead]: Date.now() - typedAt < TYPES_FOR } : {};
  const text = JSON.stringify(leads);
  if (text === told || !socket()?.view) return;
  told = text;
  socket().view(leads);
}

function types(does) {
  clearTimeout(quiet);
  typedAt = does ? Date.now() : 0;
  if (does) quiet = setTimeout(() => types(false), TYPES_FOR);
  tell();
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("#reply-form textarea")) return;
  if (question) withdraw();
  types(target.value.trim() !== "");
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx?.sourceElement?.id === "reply-form" && ctx.response?.status < 300) types(false);
});
document.addEventListener("visibilitychange", () => {
  hiddenAt = document.hidden ? Date.now() : 0;
  tell();
  if (document.hidden) setTimeout(tell, HIDDEN_IS_AWAY);
});

// Pages that show leads listen in the presence of the branch they see.
function join() {
  const topic = socket()?.getAttribute("presence");
  if (topic && document.querySelector("[data-here], #lead[data-lead]")) socket().join?.(topic);
}

// ---- the soft lock: before answering while a colleague writes, one is asked once

let agreed = "";
let question = null;  // {lead, submitter} from asking until it is answered, written past, or nobody else writes any more
const pair = (lead) => `${lead} ${typing(lead).map((one) => one.id).join(" ")}`;

// On the window: before anything else takes the form for sent.
addEventListener("submit", (event) => {
  const lead = open(), form = event.target;
  if (form.id !== "reply-form") return;
  if (!lead || !typing(lead).length || agreed === pair(lead)) {
    // whom one was asked about goes into the timeline
    if (form.elements.beside) form.elements.beside.value = (lead && typing(lead)[0]?.id) ?? "";
    return withdraw();
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  agreed = pair(lead);
  question = { lead, submitter: event.submitter };
  pose(document.getElementById(`typing-${lead}`));
}, true);

// What came meanwhile may have emptied the place, and taken the focus with it: the question is put again.
function pose(place) {
  if (!place || (place.dataset.client === "asked" && place.childElementCount)) return;
  const again = place.dataset.client === "asked", { lead, submitter } = question;
  const anyway = element("button", "btn s", { type: "button" }, said("saysAnyway"));
  anyway.addEventListener("click", () => {
    agreed = pair(lead);
    document.getElementById("reply-form")?.requestSubmit(submitter?.isConnected ? submitter : null);
  });
  const words = said("saysAsk", { name: typing(lead).map((one) => one.name).join(", ") });
  place.dataset.client = "asked";
  place.classList.add("typing-strip", "asks");
  place.replaceChildren(element("span", "", {}, words), anyway);
  if (!again) say(words);
  if (!again || document.activeElement === document.body) anyway.focus();
}

function withdraw() {
  if (!question) return;
  const place = document.getElementById(`typing-${question.lead}`);
  question = null;
  if (place?.contains(document.activeElement)) document.querySelector("#reply-form textarea")?.focus();
  render();
}

customElements.whenDefined("desk-socket").then(() => {
  join();
  tell();
  render();
});
