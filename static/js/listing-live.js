// Price and availability of the open page follow the car: by a socket, or by HTTP where sockets are blocked.
const here = document.getElementById("live"), say = document.getElementById("say");
const { topic, now } = here.dataset, { lang } = document.documentElement;
const PATIENCE = 3;
let n = Number(here.dataset.n), epoch, ws, tries = 0, dog, again, tag = "";

// what comes is the page's own fragment, alone or in the envelope of a frame
function swap(text) {
  const holder = document.createElement("template");
  holder.innerHTML = text;
  const fresh = holder.content.querySelector("#offer");
  dispatchEvent(new Event("htmx:before:request"));  // with all styles: the head has those of the page as it came
  if (fresh) document.getElementById("offer").replaceWith(fresh);
}

function take({ op, n: number, epoch: other, content, say: said, hb }) {
  clearTimeout(dog);
  dog = setTimeout(() => ws.close(), 40_000);
  if (hb) tries = 0;
  if (op !== "patch" || ((!epoch || epoch === other) && number <= n)) return void (epoch = other ?? epoch);
  [n, epoch] = [number, other];
  swap(content);
  if (said) say.textContent = Object.keys(said)[0];
}

function open() {
  clearTimeout(again);
  if (ws?.readyState <= 1) return;
  ws = new WebSocket(`${location.origin.replace("http", "ws")}/live?v=1&lang=${lang}&topics=${topic}`);
  ws.onmessage = ({ data }) => take(JSON.parse(data));
  ws.onclose = ({ code }) => {
    clearTimeout(dog);
    if (code === 4403 || code === 4409) return;
    tries += code === 4429 ? PATIENCE : 1;
    if (tries >= PATIENCE) poll();
    if (!document.hidden) again = setTimeout(open, tries < PATIENCE ? 500 * 2 ** tries * (0.5 + Math.random()) : 20_000);
  };
}

async function poll() {
  const answer = await fetch(now, { headers: tag ? { "If-None-Match": tag } : {} }).catch(() => null);
  if (answer?.status !== 200) return;
  tag = answer.headers.get("etag") ?? "";
  swap(await answer.text());
}

document.addEventListener("visibilitychange", () => document.hidden || open());
addEventListener("pageshow", ({ persisted }) => persisted && open());
open();

// pass it on
const share = document.querySelector("[data-share]");
share?.addEventListener("click", async (event) => {
  const url = share.dataset.share;
  if (event.target.closest("summary") && navigator.share && matchMedia("(pointer: coarse)").matches) {
    event.preventDefault();
    await navigator.share({ title: share.dataset.title, url }).catch(() => {});
  }
  const copy = event.target.closest("[data-copy-link]");
  if (!copy) return;
  await navigator.clipboard.writeText(url);
  copy.dataset.copied = "";
  share.open = false;
});
