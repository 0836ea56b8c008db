// A board on a wall, for weeks: live by the socket, by the clock where there is none, and loaded again with a new release.
// What comes replaces the one section; nothing is added to the page and nobody listens inside it.
const main = document.querySelector("[data-wall]"), token = main.dataset.wall, { lang, dataset } = document.documentElement;
const line = document.getElementById("wall-line"), face = document.getElementById("wall-clock");
const SILENT_MS = 45_000, ASK_MS = 30_000, LOOK_MS = 300_000;
const shown = () => document.getElementById("wall");
const release = shown().dataset.release;
const figures = `${lang === "ur" ? "ur-PK" : "en-GB"}-u-nu-${lang === "ur" && dataset.digits === "urdu" ? "arabext" : "latn"}`;
const clock = new Intl.DateTimeFormat(figures, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Karachi" });
let skew = 0, ws, tries = 0, heard = performance.now(), asked = performance.now(), said = "", n = 0;

// Fetched by name of the server's clock: a television's own may be hours off.
const now = () => Date.now() + skew;
const alive = (server) => {
  heard = performance.now();
  if (server) skew = server * 1000 - Date.now();
  line.hidden = true;
};

function show(text) {
  const holder = document.createElement("template");
  holder.innerHTML = text;
  const fresh = holder.content.querySelector("#wall");
  if (!fresh) return;
  if (fresh.dataset.release !== release) return void setTimeout(() => location.reload(), Math.random() * 5000);
  shown().replaceWith(fresh);
}

function open() {
  ws = new WebSocket(`${location.origin.replace("http", "ws")}/live?v=1&lang=${lang}&topics=wall:${token}`);
  ws.onmessage = ({ data }) => {
    const { op, now: server, content, n: number } = JSON.parse(data);
    alive(server);
    tries = 0;
    if (op === "patch" && number > n) { n = number; show(content); }
  };
  ws.onclose = () => { ws = null; tries += 1; };
}

async function ask() {
  asked = performance.now();
  const answer = await fetch(`/board/${token}/region`, { cache: "no-store" }).catch(() => null);
  if (answer?.status === 404) return void location.reload();
  if (!answer?.ok) return;
  alive(Date.parse(answer.headers.get("date")) / 1000);
  show(await answer.text());
}

// The one timer: the clock, a line that has fallen silent, a release that nobody told us of.
setInterval(() => {
  const at = performance.now(), silent = at - heard, words = clock.format(now());
  if (words !== said) face.textContent = said = words;
  if (silent > SILENT_MS) {
    if (line.hidden) line.textContent = line.dataset.saysStale.replace("{time}", clock.format(now() - silent));
    line.hidden = false;
    ws?.close();
  }
  if (at - asked > (ws?.readyState === 1 ? LOOK_MS : ASK_MS)) ask();
  if (!ws && Math.random() < 1 / Math.min(30, 2 ** tries)) open();
}, 1000);
open();
