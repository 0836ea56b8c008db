// The one polite region of the page: what is said within a moment is gathered, so that a burst is a sentence, not a row each.
import { many } from "./words.js";

const GATHER = 700;
let waiting = new Map(), timer = 0;

export function say(words, n = 1) {
  if (!words || document.hidden) return;
  waiting.set(words, (waiting.get(words) ?? 0) + n);
  timer ||= setTimeout(() => {
    const region = document.getElementById("say");
    if (region) region.textContent = [...waiting].map(([one, times]) => many(one, times)).join(" ");
    waiting = new Map();
    timer = 0;
  }, GATHER);
}

document.addEventListener("desk:patch", ({ detail }) => {
  for (const [words, n] of Object.entries(detail.say ?? {})) say(words, n);
});
