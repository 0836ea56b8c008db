// Runs before the first paint: public pages are cached for everybody, so the visitor's theme is applied here.
(() => {
  const root = document.documentElement;
  const chosen = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
  if (chosen && !root.dataset.theme) root.dataset.theme = chosen;
  root.classList.add("js");
})();
