// Photos on their way: seen at once, two sent at a time, straight to the storage, again when the line comes back.
import { Refused, ask, card, path, post, refresh, says } from "./photos-api.js";
import { shrink } from "./photos-shrink.js";

const AT_ONCE = 2, TRIES = 6, MOST_BYTES = 20_000_000, MOST = Number(card.dataset.most);
const list = document.getElementById("photos-sending"), template = document.getElementById("photo-sending");
const input = document.getElementById("photo-files");
const waiting = [];
let running = 0, placed = Promise.resolve();

const here = () => document.querySelectorAll("#photos > .photos [data-photo]").length + list.querySelectorAll(":scope > :not([data-over])").length;

export function take(files) {
  for (const file of files) {
    const row = template.content.firstElementChild.cloneNode(true);
    row.querySelector("img").onerror = ({ target }) => { target.hidden = true; };
    row.querySelector("img").src = URL.createObjectURL(file);
    row.stopper = new AbortController();
    row.querySelector("[data-cancel]").addEventListener("click", () => { row.stopper.abort(); leave(row); });
    row.querySelector("[data-again]").addEventListener("click", () => { told(row, ""); queue(row, file); });
    const why = file.type.startsWith("image/") ? here() >= MOST && "Full" : "Other";
    if (why) row.dataset.over = "";
    list.append(row);
    if (why) told(row, says(why), "failed");
    else queue(row, file);
  }
}

function queue(row, file) {
  waiting.push([row, file]);
  pump();
}

function pump() {
  while (running < AT_ONCE && waiting.length) {
    const [row, file] = waiting.shift();
    running += 1;
    [row.before, placed] = [placed, new Promise((done) => { row.placed = done; })];
    send(row, file).finally(() => { row.placed(); running -= 1; pump(); });
  }
}

async function send(row, file) {
  if (row.stopper.signal.aborted) return;
  told(row, says("Sending"));
  try {
    const small = await shrink(file);
    if (small.size > MOST_BYTES) throw new Refused(says("Large"));
    const photo = await kept(row, () => once(row, small));
    await seen(photo.id);
    leave(row);
  } catch (error) {
    if (error.name === "AbortError") return;
    told(row, error instanceof Refused ? error.message : says("Failed"), "failed", !(error instanceof Refused));
  }
}

async function once(row, file) {
  const ticket = await ask("POST", "/api/v1/uploads/presign", { content_type: file.type || "image/jpeg", bytes: file.size });
  await post(ticket.url, ticket.fields, file, (percent) => { row.querySelector("progress").value = percent; }, row.stopper.signal);
  await row.before;  // a small one arrives sooner, and yet stands where it was picked
  row.stopper.signal.throwIfAborted();
  const photo = await ask("POST", path, { key: ticket.key });
  row.placed();
  return photo;
}

// Again and again while the line is down: a phone on the road loses it often.
async function kept(row, attempt) {
  for (let tries = 1; ; tries += 1) {
    try { return await attempt(); } catch (error) {
      if (error instanceof Refused || error.name === "AbortError" || tries === TRIES) throw error;
      told(row, says("Waiting"), "waiting");
      await Promise.race([
        new Promise((again) => setTimeout(again, Math.min(1000 * 2 ** tries, 15_000))),
        new Promise((again) => addEventListener("online", again, { once: true })),
      ]);
      row.stopper.signal.throwIfAborted();
      told(row, says("Sending"));
    }
  }
}

// Until the list shows it: by its push, or by asking.
async function seen(id) {
  for (let turn = 0; turn < 8; turn += 1) {
    if (document.getElementById(`photo-${id}`)) return;
    await new Promise((on) => setTimeout(on, 150));
  }
  await refresh();
}

function told(row, words, state = "sending", again = false) {
  row.dataset.state = state;
  row.querySelector(".photo-why").textContent = words;
  row.querySelector("progress").hidden = state === "failed";
  row.querySelector("[data-again]").hidden = !again;
}

function leave(row) {
  URL.revokeObjectURL(row.querySelector("img").src);
  row.remove();
}

if (input) {
  input.required = false;
  input.addEventListener("change", () => { take(input.files); input.value = ""; });
  for (const name of ["dragover", "dragleave", "drop"]) {
    card.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      card.classList.toggle("over", name === "dragover");
      if (name === "drop") take(event.dataTransfer.files);
    });
  }
  document.addEventListener("paste", (event) => {
    if (!event.target.closest?.("input, textarea") && event.clipboardData?.files.length) take(event.clipboardData.files);
  });
  addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
}
