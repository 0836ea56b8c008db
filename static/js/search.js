// Suggestions under the search box: a list walked by arrow keys. Without this, Enter searches for what was typed.
for (const box of document.querySelectorAll("[data-suggest]")) {
  const input = box.querySelector("input"), list = box.querySelector(".combo-list");
  let at = -1, timer = 0, asked = "", stop = null;
  const options = () => [...list.querySelectorAll("[role=option]")];

  input.role = "combobox";
  input.ariaAutoComplete = "list";
  input.ariaExpanded = "false";
  const show = (open) => {
    list.hidden = !open;
    input.ariaExpanded = open;
    if (!open) mark(-1);
  };
  const mark = (n) => {
    const all = options();
    at = n;
    all.forEach((one, i) => { one.ariaSelected = i === at; });
    if (all[at]) { input.setAttribute("aria-activedescendant", all[at].id); all[at].scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
  };

  async function ask() {
    const words = input.value.trim();
    if (words === asked) return show(options().length > 0);
    asked = words;
    stop?.abort();
    stop = new AbortController();
    const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: stop.signal }).catch(() => null);
    if (!answer?.ok) return;
    const text = await answer.text();
    if (words !== input.value.trim()) return;
    list.innerHTML = text;
    input.setAttribute("aria-controls", list.firstElementChild?.id ?? "");
    mark(-1);
    show(document.activeElement === input && options().length > 0);
  }

  input.oninput = () => { clearTimeout(timer); timer = setTimeout(ask, 120); };
  input.onfocus = () => { if (options().length && asked === input.value.trim()) show(true); };
  input.onblur = () => setTimeout(() => show(false), 150);
  input.onkeydown = (event) => {
    const all = options(), open = !list.hidden;
    if (event.key === "Escape" && open) show(false);
    else if (event.key === "Enter" && open && all[at]) all[at].click();
    else if (event.key === "ArrowDown" && !open) ask();
    else if (open && event.key === "ArrowDown") mark(at + 1 < all.length ? at + 1 : -1);
    else if (open && event.key === "ArrowUp") mark(at < 0 ? all.length - 1 : at - 1);
    else return;
    event.preventDefault();
  };
  list.onpointerdown = (event) => event.preventDefault();
}

// on the page of results: the address says what is asked, and nothing else; a page that comes back by the history does not push again
addEventListener("htmx:after:swap", ({ target, detail }) => {
  if ((detail.ctx?.sourceElement ?? target).id !== "filters") return;
  const { here, other, box } = document.getElementById("srp").dataset;
  document.getElementById("q").value = box;
  history.pushState({ htmx: true }, "", here);
  document.querySelector(".market-bar [hreflang]").href = other;
});
window.htmx?.config.morphIgnore.push("open");  // what somebody has unfolded stays so

// long lists of filters: find in them
addEventListener("input", ({ target }) => {
  if (!target.matches("[data-within]")) return;
  const words = target.value.trim().toLowerCase(), group = target.closest("fieldset"), more = group.querySelector(".rest");
  if (more && words) more.open = true;
  for (const one of group.querySelectorAll(".check")) one.hidden = !one.textContent.toLowerCase().includes(words);
});
addEventListener("change", (event) => event.target.matches("[data-within]") && event.stopPropagation(), true);
