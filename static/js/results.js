// The page of results: filters by htmx, and what the address then says.
import "./combo.js";

// the address says what is asked, and nothing else; a page that comes back by the history does not push again
document.addEventListener("htmx:after:swap", ({ target, detail }) => {
  if ((detail.ctx?.sourceElement ?? target).id !== "filters") return;
  const { here, other } = document.getElementById("srp").dataset;
  history.pushState({ htmx: true }, "", here);
  document.querySelector(".market-bar [hreflang]").href = other;
});
htmx.config.morphIgnore.push("open");  // what somebody has unfolded stays so

// long lists of filters: find in them
document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-within]")) return;
  const words = target.value.trim().toLowerCase(), group = target.closest("fieldset"), more = group.querySelector(".rest");
  if (more && words) more.open = true;
  for (const one of group.querySelectorAll(".check")) one.hidden = !one.textContent.toLowerCase().includes(words);
});
document.addEventListener("change", (event) => event.target.matches("[data-within]") && event.stopPropagation(), true);
