// What is typed and not yet sent stays in this browser, until its writer signs out: here, or anywhere else.
const ours = (name) => name.startsWith("draft:");
let over = false;

export const kept = (name) => JSON.parse(localStorage.getItem(name) ?? "null");
export function keep(name, draft) {
  if (draft && !over) localStorage.setItem(name, JSON.stringify(draft)); else localStorage.removeItem(name);
}

function forget() {
  over = true;
  for (const name of Object.keys(localStorage).filter(ours)) localStorage.removeItem(name);
}

document.addEventListener("submit", ({ target }) => { if (target.getAttribute("action") === "/sign-out") forget(); }, true);
document.addEventListener("desk:state", async ({ detail }) => {
  if (detail.state === "signed-out" && !(await stillThere())) forget();
});

// A session ends too when its owner signs in again or goes on in another org.
async function stillThere() {
  const me = document.querySelector("desk-socket")?.getAttribute("scope").split(".")[0];
  const answer = await fetch("/api/v1/me").catch(() => null);
  return answer?.ok === true && (await answer.json()).id === me;
}
