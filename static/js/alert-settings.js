// The "Alerts" section of the profile: what this browser does when a lead comes in.
import { keep, permission, tone, wishes } from "./live-alert.js";

const form = document.getElementById("alert-settings");
const { sound, from, to } = form.elements;

function show() {
  const now = wishes();
  sound.checked = now.sound;
  from.value = now.from;
  to.value = now.to;
  for (const line of form.querySelectorAll("[data-permission]")) line.hidden = line.dataset.permission !== permission();
}

form.addEventListener("change", () => keep({ sound: sound.checked, from: from.value, to: to.value }));
form.addEventListener("submit", (event) => event.preventDefault());
form.querySelector("[data-try-tone]").addEventListener("click", tone);
document.addEventListener("desk:permission", show);
show();
