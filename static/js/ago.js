// "3 minutes ago" stays true while the page is open; the same words as the server's, by the browser's own tables.
const { lang, dataset } = document.documentElement;
const figures = dataset.digits === "urdu" ? "arabext" : "latn";
const format = new Intl.RelativeTimeFormat(lang === "ur" ? `ur-PK-u-nu-${figures}` : "en-GB", { numeric: "always" });
const steps = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

// The short ages of lists, as core/dates.py writes them; after a week the server's date stays.
const SHORT = document.documentElement.lang === "ur" ? ["ابھی", " منٹ", " گھنٹے", " دن"] : ["now", "m", "h", "d"];
const age = (minutes) => minutes < 1 ? SHORT[0] : minutes < 60 ? minutes + SHORT[1] : minutes < 1440 ? Math.floor(minutes / 60) + SHORT[2]
  : minutes < 10080 ? Math.floor(minutes / 1440) + SHORT[3] : null;

setInterval(() => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    if (time.dataset.ago === "short") {
      const words = age(Math.floor(-seconds / 60));
      if (words !== null && time.textContent !== words) time.textContent = words;
      continue;
    }
    const step = steps.find(([, size]) => Math.abs(seconds) >= size);
    if (!step) continue;
    const words = format.format(Math.trunc(seconds / step[1]), step[0]);
    if (time.textContent !== words) time.textContent = words;
  }
}, 30000);
