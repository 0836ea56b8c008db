// What a person sees and hears of the live connection: the dot and its words, notices, and the polite region.
const SAY_AFTER = 1_500, BAR_AFTER = 10_000, GATHER = 700;

const socket = () => document.querySelector("desk-socket");
let since = 0, timers = [];

document.addEventListener("desk:state", ({ detail }) => {
  if (detail.state === "live") return show("live", "");
  if (detail.final) return finish(detail.state);
  if (timers.length) return;
  since = detail.heard;
  const words = socket()?.dataset ?? {};
  timers = [
    setTimeout(() => show("waiting", words.saysWaiting ?? "", true), SAY_AFTER),
    setTimeout(() => {
      const at = new Date(since).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      show("offline", (words.saysOffline ?? "").replace("{time}", at), true);
      notice("offline", at);
    }, BAR_AFTER),
  ];
});

function show(state, words, keep = false) {
  if (!keep) {
    timers.forEach(clearTimeout);
    timers = [];
    notice(null);
  }
  const line = document.getElementById("net");
  if (!line) return;
  line.dataset.state = state;
  const text = line.querySelector("span") ?? line;
  if (text.textContent !== words) text.textContent = words;
}

function finish(state) {
  show("offline", "");
  notice(state);
}

// The template holds one hidden notice per state, already in the reader's language.
function notice(state, time) {
  for (const element of document.querySelectorAll("[data-live-notice]")) {
    element.hidden = element.dataset.liveNotice !== state;
    const slot = element.querySelector("time");
    if (slot && time) slot.textContent = time;
  }
}

// Announcements are gathered, so that a burst is one sentence and not a row each.
let waiting = [], gather = 0;
document.addEventListener("desk:patch", ({ detail }) => {
  if (!detail.say || document.hidden) return;
  waiting.push(detail.say);
  gather ||= setTimeout(() => {
    const counted = new Map();
    for (const words of waiting) counted.set(words, (counted.get(words) ?? 0) + 1);
    const region = document.getElementById("say");
    if (region) region.textContent = [...counted].map(([words, n]) => (n > 1 ? `${words} (${n})` : words)).join(" ");
    waiting = [];
    gather = 0;
  }, GATHER);
});
