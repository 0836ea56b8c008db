// What the photos' scripts ask of the server: JSON, with the session's token.
const token = document.querySelector('meta[name="csrf-token"]').content;
export const card = document.getElementById("photos-card");
export const path = `/api/v1/listings/${card.dataset.car}/media`;
export const says = (name, values = {}) => card.dataset[`says${name}`].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

// A refusal that another try would get again; its message is for people.
export class Refused extends Error {}

export async function ask(method, url, body) {
  const answer = await fetch(url, {
    method,
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token },
    body: JSON.stringify(body),
  });
  if (answer.ok) return answer.json();
  if (answer.status >= 500 || answer.status === 429) throw new Error(`${method} ${url} ${answer.status}`);
  throw new Refused((await answer.json()).detail);
}

// With a body that says how far it has come.
export function post(url, fields, file, onProgress, signal) {
  return new Promise((done, failed) => {
    const form = new FormData(), request = new XMLHttpRequest();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", file, "photo");
    request.upload.onprogress = ({ loaded, total }) => onProgress((100 * loaded) / total);
    request.onload = () => {
      if (request.status < 300) return done();
      failed(request.status >= 500 || request.status === 429 ? new Error(`${request.status}`) : new Refused(detail(request)));
    };
    request.onerror = request.ontimeout = () => failed(new Error("cut"));
    request.onabort = () => failed(new DOMException("", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    if (new URL(url, location.href).origin === location.origin) request.setRequestHeader("X-CSRF-Token", token);
    request.send(form);
  });
}

function detail(request) {
  try { return JSON.parse(request.responseText).detail; } catch { return says("Failed"); }
}

// Fetch the list again: where pushes come too late or not at all.
export function refresh() {
  const region = document.getElementById("photos-region");
  return htmx.ajax("GET", region.dataset.src, { target: "#photos-region", swap: "outerMorph" });
}
