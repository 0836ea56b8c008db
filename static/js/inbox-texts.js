// How many parts an SMS will be and what they cost, under the reply while it is written. As app/leads/rules/texts.py.
import { number } from "./words.js";

const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const DOUBLE = new Set("^{}\\[~]|€\f");

export function parts(text) {
  const letters = [...text], plain = letters.every((one) => BASIC.has(one) || DOUBLE.has(one));
  const [whole, each] = plain ? [160, 153] : [70, 67];
  const sizes = letters.map((one) => (plain ? 1 + DOUBLE.has(one) : one.length));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all <= whole) return { n: 1, left: whole - all };
  let n = 1, left = each;
  for (const size of sizes) {
    if (size > left) [n, left] = [n + 1, each];
    left -= size;
  }
  return { n, left };
}

function look() {
  const form = document.getElementById("reply-form"), line = form?.querySelector(".parts");
  if (!line) return;
  const text = form.elements.body.value.trim();
  line.hidden = form.elements.channel.value !== "sms" || !text;
  if (line.hidden) return;
  const { n, left } = parts(text), rupees = n * Number(line.dataset.rupees);
  const said = { n: number(n), left: number(left), rupees: number(rupees) };
  line.textContent = line.dataset.says.replace(/\{(\w+)\}/g, (_, name) => said[name]);
  line.classList.toggle("several", n > 1);
}

for (const name of ["input", "change"]) document.addEventListener(name, ({ target }) => { if (target.form?.id === "reply-form") look(); });
for (const name of ["htmx:after:swap", "htmx:after:request"]) document.addEventListener(name, () => queueMicrotask(look));
look();
