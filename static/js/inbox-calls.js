// Whoever taps a buyer's number rings them: that is put down once, and how it went is asked in two big buttons.
import { learn } from "./inbox-forms.js";

const token = document.querySelector('meta[name="csrf-token"]').content;
const sheet = document.getElementById("sheet");
const TRIES_MS = [0, 1000, 3000, 9000];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.('.inbox.works a[href^="tel:"]');
  const id = link?.closest("li.lead")?.id.slice(5) ?? link?.closest("[data-lead]")?.dataset.lead;
  if (!id || link.dataset.clientCalling) return;
  link.dataset.clientCalling = "1";
  const answer = await told(`/desk/inbox/${id}/calls`, crypto.randomUUID());
  delete link.dataset.clientCalling;
  if (!answer) return;
  const text = await answer.text();
  if (!answer.ok) return void htmx.swap({ sourceElement: document.body, target: "body", swap: "none", text });
  learn(answer.headers.get("desk-version"));
  document.getElementById("sheet-title").textContent = link.getAttribute("aria-label") ?? link.textContent.trim();
  await htmx.swap({ sourceElement: sheet, target: "#sheet-body", swap: "innerHTML", text });
  if (!sheet.open) sheet.showModal();
  sheet.querySelector("#sheet-body button")?.focus();
});

// The page may be put aside by the dialler, and the line be poor: the same call is told until it is known.
async function told(url, key) {
  const headers = { "HX-Request": "true", "X-CSRF-Token": token };
  for (const wait of TRIES_MS) {
    await pause(wait);
    const body = new URLSearchParams({ _idempotency_key: key });
    const answer = await fetch(url, { method: "POST", headers, body, keepalive: true }).catch(() => null);
    if (answer && answer.status < 500) return answer;
  }
  return null;
}
