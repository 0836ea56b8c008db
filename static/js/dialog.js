// Native <dialog>: invoker commands where the browser knows them, the same by hand where not; reopening after a refused form.
const knowsCommands = "command" in HTMLButtonElement.prototype;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[commandfor]");
  if (button && !knowsCommands) {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "show-modal") dialog?.showModal();
    else dialog?.close();
  }
  // a menu whose item opens a dialog has done its work
  if (button?.closest("[popover]")) button.closest("[popover]").hidePopover();
  // outside the box, in browsers without closedby
  if (event.target.matches("dialog[closedby=any]") && !("closedBy" in HTMLDialogElement.prototype)) event.target.close();
});

// arrow keys walk a menu
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest(".menu:popover-open");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const items = [...menu.querySelectorAll(".menu-item, .segments button")];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
  items.at(next % items.length)?.focus();
  event.preventDefault();
});

// the first item takes the focus when the keyboard opened the menu
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".menu") || event.newState !== "open") return;
  if (document.activeElement?.matches(":focus-visible")) event.target.querySelector(".menu-item")?.focus();
}, true);

export function reopen(root = document) {
  for (const dialog of root.querySelectorAll("dialog[data-open]:not([open])")) {
    dialog.removeAttribute("data-open");
    dialog.showModal();
  }
}
reopen();
document.addEventListener("htmx:after:swap", () => reopen());
