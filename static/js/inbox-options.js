// A list of options over a text field, as canned replies and colleagues have it: walked with the arrows while one types.
export const options = (box) => [...(box?.querySelectorAll("[role=option]:not([hidden])") ?? [])];

export function point(area, box, option) {
  for (const one of box.querySelectorAll("[role=option]")) one.setAttribute("aria-selected", String(one === option));
  if (!option) return area.removeAttribute("aria-activedescendant");
  area.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

export function show(area, box, shown) {
  box.hidden = !shown;
  area?.setAttribute("aria-expanded", String(shown));
  if (!shown) area?.removeAttribute("aria-activedescendant");
}

export function walk(event, area, box, take, close) {
  if (!area || event.target !== area || !box || box.hidden || event.isComposing) return;
  const all = options(box), at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") close();
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") point(area, box, all.at((at + (event.key === "ArrowDown" ? 1 : -1)) % all.length));
  else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey && all[at]) take(all[at]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
