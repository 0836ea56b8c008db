// Toasts leave by themselves, but never while somebody reads or reaches for them.
const STAY = 6000, STAY_WITH_ACTION = 8000;
const region = document.getElementById("toasts");

function settle(toast) {
  let timer = 0;
  const leave = () => {
    toast.classList.add("going");
    setTimeout(() => toast.remove(), 200);
  };
  const start = () => { clearTimeout(timer); timer = setTimeout(leave, "long" in toast.dataset ? STAY_WITH_ACTION : STAY); };
  const hold = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", start);
  toast.querySelector("[data-toast-close]")?.addEventListener("click", leave);
  start();
}

if (region) {
  region.querySelectorAll("[data-toast]").forEach(settle);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) settle(node);
  }).observe(region, { childList: true });
}
