// What a person sees of the live connection: the dot with its words and age, and the notices above the page.
import { say } from "./live-say.js";
import { clock, number, said, span } from "./words.js";

const SAY_AFTER = 1_500, BAR_AFTER = 8_500, AGE_EVERY = 5_000, CAUGHT_UP_AFTER = 800, GIVE_UP = 15_000;
const socket = () => document.querySelector("desk-socket");
let since = 0, timers = [], age = 0, catching = 0, most = 0;

document.addEventListener("desk:state", ({ detail }) => {
  if (detail.state === "live") return live();
  if (detail.final) return finish(detail.state);
  if (timers.length) return;
  since = detail.heard;
  const after = (ms) => Math.max(0, since + ms - Date.now());
  clearInterval(catching);
  catching = 0;
  timers = [
    setTimeout(() => show("waiting", said("saysWaiting")), Math.max(SAY_AFTER, after(SAY_AFTER))),
    setTimeout(() => {
      offline();
      age = setInterval(offline, AGE_EVERY);
      notice("offline", clock(since));
    }, after(BAR_AFTER)),
  ];
});

// The regions are brought up to date while this says how far behind they were.
document.addEventListener("desk:behind", ({ detail: { n } }) => {
  if (socket()?.dataset.state !== "live" || (catching && n <= most)) return;
  clearInterval(catching);
  most = n;
  const began = Date.now();
  show("catching", said("saysCatching", { n: number(n) }));
  catching = setInterval(() => {
    const done = socket()?.synced && Date.now() - began > CAUGHT_UP_AFTER;
    if (done || Date.now() - began > GIVE_UP) live();
  }, 100);
});

function live() {
  settle();
  show("live", said("saysLive"));
}

function offline() { show("offline", said("saysOffline", { age: span(Date.now() - since) })); }

function finish(state) {
  settle();
  show("offline", "");
  notice(state);
}

function settle() {
  timers.forEach(clearTimeout);
  timers = [];
  [age, catching].forEach(clearInterval);
  catching = 0;
  notice(null);
}

function show(state, words) {
  const line = document.getElementById("net");
  if (!line) return;
  line.dataset.state = state;
  const text = line.querySelector("span") ?? line;
  if (text.textContent !== words) text.textContent = words;
}

// The template holds one hidden notice per state, already in the reader's language; showing one is said once.
function notice(state, time) {
  for (const element of document.querySelectorAll("[data-live-notice]")) {
    const shown = element.dataset.liveNotice === state;
    const slot = element.querySelector("time");
    if (slot && time) slot.textContent = time;
    if (shown && element.hidden) say(element.querySelector("p")?.textContent);
    element.hidden = !shown;
  }
}
