// Runs before the first paint: public pages are cached for everybody, so the visitor's theme is applied here.
(() => {
  const root = document.documentElement;
  const chosen = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
  if (chosen && !root.dataset.theme) root.dataset.theme = chosen;
  root.classList.add("js");
  // what the device holds is shown later, its place from the first paint; a private window holds nothing
  try { root.dataset.holds = ["seen", "short"].filter((name) => localStorage[`cars:${name}`]?.[2]).join(" "); } catch {}
})();
