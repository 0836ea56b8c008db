// A button that copies a text of the page: data-copy names what holds it, data-copied what to say then.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) return;
  const says = button.querySelector("[data-copy-says]");
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {  // not allowed, or no https: the text stands ready to be copied by hand
    getSelection().selectAllChildren(source);
    return;
  }
  const before = says.dataset.before ??= says.textContent;
  says.textContent = button.dataset.copied;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => { says.textContent = before; }, 2000);
});
