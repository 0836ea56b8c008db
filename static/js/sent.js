// Public forms: sent once, with the session's token where there is one; the back button gives the buttons back.
const token = document.querySelector('meta[name="csrf-token"]')?.content;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  if (token && !form.elements._csrf_token) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "_csrf_token", value: token }));
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
});
// a refused form is read from its first fault
document.querySelector("main [aria-invalid=true]")?.focus();
