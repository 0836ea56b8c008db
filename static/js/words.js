// Numbers and spans of time as the reader reads them, like the server writes them.
const { lang, dataset } = document.documentElement;
const locale = lang === "ur" ? `ur-PK-u-nu-${dataset.digits === "urdu" ? "arabext" : "latn"}` : "en-GB";
const unit = (name) => new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short" });

export const number = (n) => new Intl.NumberFormat(locale).format(n);
export const clock = (at) => new Date(at).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return unit("second").format(seconds);
  return seconds < 3600 ? unit("minute").format(Math.floor(seconds / 60)) : unit("hour").format(Math.floor(seconds / 3600));
}
// Sentences the server has written for this page, with what belongs between the braces.
export const said = (name, values = {}) =>
  (document.querySelector("desk-socket")?.dataset[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
// One sentence for many of the same: {"New lead": "{n} new leads"}.
export function many(words, n) {
  if (n === 1) return words;
  const known = JSON.parse(document.querySelector("desk-socket")?.dataset.saysMany ?? "{}")[words];
  return known ? known.replace("{n}", number(n)) : `${words} (${number(n)})`;
}
