// A new theme shows at once and is remembered in the background; a new language needs the page again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!("preferences" in form.dataset) || button?.name !== "theme") return;
  event.preventDefault();
  const root = document.documentElement;
  if (button.value === "auto") delete root.dataset.theme;
  else root.dataset.theme = button.value;
  for (const other of form.querySelectorAll('[name="theme"]')) other.setAttribute("aria-pressed", String(other === button));
  fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, button)), redirect: "manual" });
}, true);
