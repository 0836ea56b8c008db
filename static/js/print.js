// A page made for paper: its button asks the browser to print it.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
