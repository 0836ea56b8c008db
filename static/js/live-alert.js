// Somebody wrote while nobody looked: a count in every tab's title and on the app's icon; from the leading tab alone a
// short tone and, where the person allowed it, a notification. Sound and quiet hours are kept in a cookie of their own,
// since signing out clears the storage.
import { many, number } from "./words.js";

const TONE_S = 0.35, TONE_HZ = 880, YEAR_S = 31_536_000;
const socket = () => document.querySelector("desk-socket");
const name = () => `alerts-${(socket()?.getAttribute("scope") ?? "").split(".")[0].slice(-12)}`;
let count = 0, audio = null;

// ---- what the person wants: {sound, from, to}; quiet between two times of day, over midnight too

export function wishes() {
  const kept = new RegExp(`(?:^|; )${name()}=([^;]*)`).exec(document.cookie)?.[1] ?? "";
  const [sound = "on", from = "", to = ""] = decodeURIComponent(kept).split(",");
  return { sound: sound !== "off", from, to };
}

export function keep({ sound, from, to }) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const value = encodeURIComponent([sound ? "on" : "off", from, to].join(","));
  document.cookie = `${name()}=${value}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
}

export function isQuiet(now = new Date(), { from, to } = wishes()) {
  if (!from || !to || from === to) return false;
  const at = `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
  return from < to ? from <= at && at < to : at >= from || at < to;
}

// ---- the alert itself

document.addEventListener("desk:alert", ({ detail }) => {
  badge(count + (detail.count ?? 1));
  if (!detail.loud || isQuiet()) return;
  if (wishes().sound) tone();
  notify(detail);
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  badge(0);
  socket()?.seen?.();
});
document.addEventListener("desk:seen", () => badge(0));

function badge(n) {
  count = n;
  const plain = document.title.replace(/^\([^)]*\) /, "");
  document.title = n ? `(${number(n)}) ${plain}` : plain;
  if (n) navigator.setAppBadge?.(n)?.catch(() => {}); else navigator.clearAppBadge?.()?.catch(() => {});
}

// Browsers let a page sound only after somebody has touched it.
for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => { ready()?.resume(); }, { once: true, capture: true });
function ready() { return (audio ??= globalThis.AudioContext ? new AudioContext() : null); }

export function tone() {
  const context = ready();
  if (context?.state !== "running") return;
  const wave = new OscillatorNode(context, { type: "sine", frequency: TONE_HZ }), volume = new GainNode(context, { gain: 0 });
  const now = context.currentTime;
  volume.gain.linearRampToValueAtTime(0.15, now + 0.03);
  volume.gain.linearRampToValueAtTime(0, now + TONE_S);
  wave.connect(volume).connect(context.destination);
  wave.start(now);
  wave.stop(now + TONE_S);
  document.dispatchEvent(new CustomEvent("desk:tone"));
}

export const permission = () => globalThis.Notification?.permission ?? "denied";

async function notify({ title, body, url, count: n = 1 }) {
  if (permission() !== "granted") return;
  try {
    const icon = document.querySelector("link[rel=icon]")?.href;  // its name carries a hash
    const shown = new Notification(many(title, n), { body: n > 1 ? "" : body, tag: "desk", icon });
    shown.onclick = () => {
      focus();
      shown.close();
      if (url?.startsWith("/") && !url.startsWith("//")) location.assign(url);
    };
  } catch { /* phones show notifications from a service worker only: the title and the icon tell */ }
}

export async function askPermission() {
  if (permission() === "default") await Notification.requestPermission();
  return permission();
}

// ---- asked once, after the first reply was sent, and by a button: a page that asks by itself is refused for good

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx?.sourceElement, offer = document.getElementById("offer-alerts");
  if (form?.id !== "reply-form" || !(ctx.response?.status < 300) || !offer) return;
  if (permission() !== "default" || localStorage.getItem("alerts-offered")) return;
  localStorage.setItem("alerts-offered", "1");
  document.getElementById("toasts")?.append(offer.content.cloneNode(true));
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-allow-alerts]");
  if (!button) return;
  await askPermission();
  button.closest("[data-toast]")?.remove();
  document.dispatchEvent(new CustomEvent("desk:permission"));
});
