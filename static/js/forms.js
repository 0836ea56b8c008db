// Forms: sent once, with the session's token, drafts kept until they are sent, passwords shown on demand.
const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

// a form that came by a push has no token of this session in it
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const field = form.querySelector('input[name="_csrf_token"]');
  if (field) field.value ||= token;
  else if (token) {
    const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: "_csrf_token", value: token });
    form.append(hidden);
  }
}, true);

document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail.ctx?.request;
  if (request?.headers && token) request.headers["X-CSRF-Token"] = token;
});

// double submit: the button spins; a page kept by the back button gets its buttons back
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.method !== "post" || form.dataset.sent) { if (form.dataset.sent) event.preventDefault(); return; }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  for (const area of form.querySelectorAll("[data-draft]")) localStorage.removeItem(`draft:${area.dataset.draft}`);
});
const release = (root) => {
  for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of root.querySelectorAll('button[aria-busy="true"]')) button.removeAttribute("aria-busy");
};
addEventListener("pageshow", (event) => { if (event.persisted) release(document); });
document.addEventListener("htmx:after:request", () => release(document));

document.addEventListener("input", (event) => {
  const key = event.target.dataset?.draft;
  if (key) localStorage.setItem(`draft:${key}`, event.target.value);
});
for (const area of document.querySelectorAll("[data-draft]")) {
  const kept = localStorage.getItem(`draft:${area.dataset.draft}`);
  if (kept && !area.value) area.value = kept;
}

document.addEventListener("click", (event) => {
  const reveal = event.target.closest("[data-reveal]");
  if (reveal) {
    const input = document.getElementById(reveal.dataset.reveal);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    reveal.setAttribute("aria-pressed", String(shown));
  }
  if (event.target.closest("[data-back]")) history.back();
});

// a refused form is read from its first fault
const refused = performance.getEntriesByType("navigation")[0]?.responseStatus === 422;
(document.querySelector("[data-focus]") ?? (refused && document.querySelector("main [aria-invalid=true]")))?.focus?.();
